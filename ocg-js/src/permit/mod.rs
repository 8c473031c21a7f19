//! What a plugin may reach, decided in Rust where the plugin cannot get around it.
//!
//! Defaults (plugin's own directories, public network, no environment) and grants
//! (`plugins.<package>.permissions` in ocg.json) are described with each permit.

mod address;
mod denied;
mod environment;
mod files;
mod network;
mod operator_hosts;

pub use address::Reach;
pub use denied::Denied;
pub use environment::EnvironmentPermit;
pub use files::{FilePermit, FileRoots};
pub use network::{GrantError, NetworkPermit};
pub use operator_hosts::operator_hosts;

/// Everything one plugin may reach. Stored as userdata of its QuickJS runtime.
#[derive(Debug, Clone, rquickjs::JsLifetime)]
pub struct Permits {
    /// Hosts and addresses.
    pub network: NetworkPermit,
    /// Files and directories.
    pub files: FilePermit,
    /// Environment variables.
    pub environment: EnvironmentPermit,
}
