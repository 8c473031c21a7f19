//! Logging an account in at a terminal (plugin contract §4.5).

mod question;
mod run;
mod session;

pub use run::{LoginOutcome, login};
pub(super) use session::LoginSession;
pub use session::LoginTerminal;
