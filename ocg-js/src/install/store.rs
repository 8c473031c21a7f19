//! The plugins folder: which plugins are installed, and removing them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::lock::LockFile;
use super::staging::Staging;
use super::{InstallError, alias};
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

    pub(super) fn read(tree: &Path) -> Result<Self, InstallError> {
        let record = Record::read(tree)?;
        let root = tree.join("node_modules").join(&record.package);
        let manifest = PluginManifest::read(&root)?;
        let installed_at = humantime::parse_rfc3339(&record.installed_at)
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_secs());
        Ok(Self {
            package: record.package,
            version: record.version,
            requested: record.requested,
            installed_at,
            root,
            tree: tree.to_owned(),
            manifest,
        })
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
        let trees = trees(&self.folder)
            .map_err(|source| InstallError::disk("read", &self.folder, source))?;
        Ok(trees.iter().map(|tree| InstalledPlugin::read(tree)).collect())
    }

    /// The plugin installed from `package` (a package name or one of its short names).
    ///
    /// # Errors
    /// When that plugin cannot be read.
    pub fn find(&self, package: &str) -> Result<Option<InstalledPlugin>, InstallError> {
        let name = alias::package_of(package);
        let tree = tree_of(&self.folder, name);
        if !super::spec::is_name(name) || !Record::path(&tree).exists() {
            return Ok(None);
        }
        InstalledPlugin::read(&tree).map(Some)
    }

    /// The plugin that offers channel `id` (its id, an alias in its manifest, or a short name).
    /// Plugins that cannot be read are passed over.
    ///
    /// # Errors
    /// When the plugins folder cannot be read.
    pub fn find_by_channel(&self, id: &str) -> Result<Option<InstalledPlugin>, InstallError> {
        let plugins: Vec<InstalledPlugin> = self.list()?.into_iter().flatten().collect();
        let package = alias::package_of(id);
        let by_id = plugins.iter().find(|p| p.channels().iter().any(|c| c.id == id));
        let found = by_id
            .or_else(|| plugins.iter().find(|p| p.manifest.channel(id).is_some()))
            .or_else(|| plugins.iter().find(|p| p.package == package));
        Ok(found.cloned())
    }

    /// Removes the plugin installed from `package` (a package name or one of its short names),
    /// even a broken one, and says which package and version that was.
    ///
    /// # Errors
    /// When it is not installed, another installation runs, or the disk refuses.
    pub fn remove(&self, package: &str) -> Result<(String, String), InstallError> {
        let name = alias::package_of(package);
        let not_installed =
            || InstallError::NotInstalled { package: package.to_owned(), near: self.near(package) };
        if !super::spec::is_name(name) || !tree_of(&self.folder, name).exists() {
            return Err(not_installed());
        }
        let staging = Staging::begin(&self.folder)?;
        let version = match Record::read(&tree_of(&self.folder, name)) {
            Ok(record) => record.version,
            Err(_) => "unknown".to_owned(),
        };
        let mut lock = LockFile::read(&self.folder)?;
        lock.plugins.remove(name);
        staging.remove(name, &lock)?;
        Ok((name.to_owned(), version))
    }

    fn near(&self, package: &str) -> Option<String> {
        let installed: Vec<String> = Record::all(&self.folder).map(|r| r.package).collect();
        let names = installed.iter().map(String::as_str);
        let meant = alias::near(package).map(alias::package_of);
        let meant = meant.filter(|meant| installed.iter().any(|i| i == meant));
        meant.or_else(|| alias::closest(package, names)).map(str::to_owned)
    }
}

/// ocg-plugin.json: what a tree is and where it came from.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) package: String,
    pub(super) version: String,
    pub(super) requested: String,
    /// RFC 3339, UTC.
    pub(super) installed_at: String,
    /// The change that put the tree in place.
    pub(super) change: String,
}

impl Record {
    fn path(tree: &Path) -> PathBuf {
        tree.join("ocg-plugin.json")
    }

    pub(super) fn read(tree: &Path) -> Result<Self, InstallError> {
        let path = Self::path(tree);
        let text = fs::read(&path).map_err(|source| InstallError::disk("read", &path, source))?;
        let damaged = |reason: String| InstallError::Damaged {
            path: path.clone(),
            reason,
            remedy: "install the plugin again",
        };
        let record: Self =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if !super::spec::is_name(&record.package) {
            return Err(damaged(format!("{:?} is no package name", record.package)));
        }
        Ok(record)
    }

    pub(super) fn write(&self, tree: &Path) -> Result<(), InstallError> {
        let path = Self::path(tree);
        let mut text =
            serde_json::to_string_pretty(self).expect("a structure of texts is always JSON");
        text.push('\n');
        fs::write(&path, text).map_err(|source| InstallError::disk("write", &path, source))
    }

    /// The records of all plugins in `folder` that can be read.
    pub(super) fn all(folder: &Path) -> impl Iterator<Item = Self> {
        trees(folder).unwrap_or_default().into_iter().filter_map(|tree| Self::read(&tree).ok())
    }
}

/// Folders of plugins, ordered by name.
fn trees(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut trees = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if Record::path(&path).is_file() && !is_hidden(&path) {
            trees.push(path);
        }
    }
    trees.sort();
    Ok(trees)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_none_or(|name| name.starts_with('.'))
}

/// The folder of a package's tree. `+` is in no package name, so that names stay distinct.
pub(super) fn tree_of(folder: &Path, package: &str) -> PathBuf {
    folder.join(folder_name(package))
}

pub(super) fn folder_name(package: &str) -> String {
    package.replace('/', "+")
}
