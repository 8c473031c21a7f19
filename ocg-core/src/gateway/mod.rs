//! One message's way through the gateway, and the life of the accounts.

mod link;

pub use link::{AccountLink, AccountState, Admission, Inbox, StatusPatch};
