//! ocg-lock.json: exactly which packages each plugin's tree consists of, so that a second
//! installation gives the same bytes or fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{InstallError, spec};

const VERSION: u32 = 1;

/// The lock file of one plugins folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LockFile {
    lockfile_version: u32,
    /// By package name.
    pub(super) plugins: BTreeMap<String, LockedPlugin>,
}

/// One plugin with everything it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LockedPlugin {
    /// The version, range or tag that was asked for; empty for the newest.
    pub(super) requested: String,
    pub(super) version: String,
    /// By path inside the tree.
    pub(super) packages: BTreeMap<String, LockedPackage>,
}

/// One package in one place of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LockedPackage {
    /// The package in the registry, where the folder has another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) version: String,
    /// Path of the tarball seen from its registry, so that the file works with any mirror; absent
    /// when the tarball lies on another server, which the registry is then asked for again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resolved: Option<String>,
    pub(super) integrity: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) optional: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) has_install_script: bool,
}

impl Default for LockFile {
    fn default() -> Self {
        Self { lockfile_version: VERSION, plugins: BTreeMap::new() }
    }
}

impl LockFile {
    /// Where the lock file of a plugins folder is.
    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join("ocg-lock.json")
    }

    /// Reads the lock file of `folder`; a missing one is empty.
    ///
    /// # Errors
    /// When it is damaged, of another format, or names paths outside the tree.
    pub(super) fn read(folder: &Path) -> Result<Self, InstallError> {
        let path = Self::path(folder);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => return Err(InstallError::disk("read", &path, source)),
        };
        let damaged = |reason: String| InstallError::Damaged {
            path: path.clone(),
            reason,
            remedy: "restore it, or delete it to resolve all versions anew",
        };
        let lock: Self =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if lock.lockfile_version != VERSION {
            let found = lock.lockfile_version;
            return Err(damaged(format!("its format is {found}, this ocg knows {VERSION}")));
        }
        for (plugin, locked) in &lock.plugins {
            if !spec::is_name(plugin) {
                return Err(damaged(format!("{plugin:?} is no package name")));
            }
            if !locked.packages.contains_key(&format!("node_modules/{plugin}")) {
                return Err(damaged(format!("{plugin} is missing among its own packages")));
            }
            for (path, package) in &locked.packages {
                let name = package.name.as_deref().or_else(|| name_at(path));
                if name_at(path).is_none() || !name.is_some_and(spec::is_name) {
                    return Err(damaged(format!("{path:?} is no path of a package")));
                }
                if package.integrity.parse::<ssri::Integrity>().is_err() {
                    return Err(damaged(format!("the hash of {path} is not valid")));
                }
            }
        }
        Ok(lock)
    }

    /// The file's text.
    pub(super) fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self)
            .expect("a structure of texts and numbers is always JSON");
        text.push('\n');
        text
    }
}

/// The folder name of the package at `path`, which must consist of `node_modules/<name>` steps.
pub(super) fn name_at(path: &str) -> Option<&str> {
    let mut rest = path.strip_prefix("node_modules/")?;
    while let Some((name, deeper)) = rest.split_once("/node_modules/") {
        spec::is_name(name).then_some(())?;
        rest = deeper;
    }
    spec::is_name(rest).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_packages_are_accepted() {
        assert_eq!(name_at("node_modules/a"), Some("a"));
        assert_eq!(name_at("node_modules/@s/a/node_modules/b"), Some("b"));
        for bad in ["a", "node_modules/../a", "node_modules/a/b", "node_modules/a/node_modules/"] {
            assert_eq!(name_at(bad), None, "{bad}");
        }
    }

    #[test]
    fn damaged_files_say_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = |text: &str| {
            std::fs::write(LockFile::path(folder.path()), text).unwrap();
            let message = LockFile::read(folder.path()).unwrap_err().to_string();
            message.replace(folder.path().to_str().unwrap(), "PLUGINS")
        };
        insta::assert_snapshot!(error("{"), @"PLUGINS/ocg-lock.json is damaged: EOF while parsing an object at line 1 column 1; restore it, or delete it to resolve all versions anew");
        insta::assert_snapshot!(error(r#"{"lockfileVersion": 9, "plugins": {}}"#), @"PLUGINS/ocg-lock.json is damaged: its format is 9, this ocg knows 1; restore it, or delete it to resolve all versions anew");
        insta::assert_snapshot!(
            error(r#"{"lockfileVersion": 1, "plugins": {"p": {"requested": "", "version": "1.0.0", "packages": {
                "node_modules/p": {"version": "1.0.0", "integrity": "sha1-x"},
                "node_modules/../../p": {"version": "1.0.0", "integrity": "sha1-x"}}}}}"#),
            @r#"PLUGINS/ocg-lock.json is damaged: "node_modules/../../p" is no path of a package; restore it, or delete it to resolve all versions anew"#
        );
    }
}
