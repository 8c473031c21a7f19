//! Installs plugins from an npm registry, without npm and without Node.js.
//!
//! One self-contained tree per plugin lies in the plugins folder; [`PluginStore`] reads it,
//! [`Installer`] builds it: `spec` says what is wanted, `resolve` chooses versions and lays
//! out the `tree`, `fetch` and `unpack` bring the files, `staging` puts them in place.

mod alias;
mod bundle;
mod carve;
mod choose;
mod error;
mod fetch;
mod installer;
mod lock;
mod npmrc;
mod packument;
mod platform;
mod progress;
mod registry;
mod resolve;
mod spec;
mod staging;
mod store;
mod tree;
mod unpack;

pub use alias::known_package;
pub use carve::CarveError;
pub use error::InstallError;
pub use installer::{InstallReport, InstallRequest, InstallSettings, Installer, RetryPolicy};
pub use progress::{InstallEvent, InstallProgress, Notice, Quiet};
pub use store::{InstalledPlugin, PluginStore};

/// The OpenClaw release whose SDK the host offers: it satisfies the `openclaw` peer dependency.
pub const HOST_VERSION: &str = "2026.9.6";
