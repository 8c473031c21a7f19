//! Installs plugins from an npm registry, without npm and without Node.js.
//!
//! One self-contained tree per plugin lies in the plugins folder; [`PluginStore`] reads it,
//! [`Installer`] builds it.

mod error;
mod installer;
mod progress;
mod store;

pub use error::InstallError;
pub use installer::{InstallReport, InstallRequest, InstallSettings, Installer, RetryPolicy};
pub use progress::{InstallEvent, InstallProgress, Notice, Quiet};
pub use store::{InstalledPlugin, PluginStore};

/// The OpenClaw release whose SDK the host offers: it satisfies the `openclaw` peer dependency.
pub const HOST_VERSION: &str = "2026.9.6";
