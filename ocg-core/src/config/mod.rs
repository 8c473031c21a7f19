//! The configuration: where it comes from and what it means.

mod state_dir;

pub use state_dir::StateDir;
