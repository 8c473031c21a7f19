//! Life without a terminal: the background, log files, the service manager, restarts.

mod background;
mod log_file;
mod reexec;
mod service;

pub use background::{Background, launch};
pub use log_file::{LogDestination, open_log};
pub use reexec::Program;
pub use service::Service;
