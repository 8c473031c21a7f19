//! What a plugin package says about itself, before any of its code runs.

mod channel;
mod error;
mod package;
mod plugin;

pub use channel::{ManifestChannel, SetupField};
pub use error::ManifestError;
pub use plugin::PluginManifest;
