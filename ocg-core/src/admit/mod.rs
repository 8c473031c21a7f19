//! Who may talk to the agent: the sender gate and pairing.

mod policy;

pub use policy::{DmPolicy, GroupPolicy, SenderPolicy};
