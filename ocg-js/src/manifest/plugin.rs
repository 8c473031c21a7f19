//! A plugin package's metadata: `openclaw` in package.json plus openclaw.plugin.json
//! (plugin contract §4.1).

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{ManifestChannel, ManifestError};

/// What a plugin package says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginManifest {
    /// The plugin's id: from openclaw.plugin.json, else its first channel's id.
    pub id: String,
    /// Name of the npm package.
    pub package: String,
    /// Version of the npm package.
    pub version: String,
    /// The module that registers the plugin (absolute path, inside the package).
    pub entry: PathBuf,
    /// The module that only sets channels up, if the plugin has one.
    pub setup_entry: Option<PathBuf>,
    /// The channels it offers; never empty.
    pub channels: Vec<ManifestChannel>,
    /// JSON Schema of the plugin's own configuration (not a channel's).
    pub config_schema: Option<Value>,
    /// The OpenClaw versions it runs on, as a semver range (`install.minHostVersion`).
    pub min_host_version: Option<String>,
}

impl PluginManifest {
    /// Reads the metadata of the package in folder `root`.
    ///
    /// # Errors
    /// [`ManifestError`] when the package is no usable channel plugin.
    pub fn read(root: &Path) -> Result<Self, ManifestError> {
        super::package::read(root)
    }

    /// The channel with this id or alias.
    pub fn channel(&self, id: &str) -> Option<&ManifestChannel> {
        self.channels
            .iter()
            .find(|c| c.id == id)
            .or_else(|| self.channels.iter().find(|c| c.aliases.iter().any(|a| a == id)))
    }

    /// Every environment variable that the manifest names, for all channels.
    pub fn environment(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.channels.iter().flat_map(|c| &c.environment) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }
}
