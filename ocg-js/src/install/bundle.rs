//! Plugins that are no packages of their own but a part of `openclaw`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::carve::{self, CarveError};
use super::resolve::HOST_PACKAGE;
use super::spec::Dependency;
use super::unpack::{Limits, unpack_only};
use super::{InstallError, alias};

/// Has the registry asked for `openclaw` where that is what holds `plugin`.
pub(super) fn redirect(plugin: &mut Dependency) {
    if alias::BUNDLED.contains(&plugin.package.as_str()) {
        plugin.package = HOST_PACKAGE.to_owned();
    }
}

/// The plugin's folder in `openclaw`, for one that is a part of it.
pub(super) fn extension<'a>(package: &str, name: &'a str) -> Option<&'a str> {
    (package == HOST_PACKAGE).then(|| name.rsplit('/').next().unwrap_or(name))
}

/// The unpacked `openclaw` package.
#[derive(Debug, Clone)]
pub(super) struct Bundle {
    folder: PathBuf,
    id: String,
}

impl Bundle {
    /// Unpacks what a plugin can be made of into `folder`, unless that has been done.
    ///
    /// # Errors
    /// See [`unpack_only`].
    pub(super) fn open(archive: &Path, folder: PathBuf, id: &str) -> Result<Self, InstallError> {
        if !folder.exists() {
            unpack_only(archive, &folder, id, Limits::default(), &is_needed)?;
        }
        Ok(Self { folder, id: id.to_owned() })
    }

    /// The packages that the plugin needs, by name.
    ///
    /// # Errors
    /// When the release has no such plugin.
    pub(super) fn dependencies(
        &self,
        extension: &str,
        version: &str,
    ) -> Result<BTreeMap<String, String>, InstallError> {
        #[derive(Deserialize)]
        struct Manifest {
            #[serde(default)]
            dependencies: BTreeMap<String, String>,
        }
        let file = Path::new("dist/extensions").join(extension).join("package.json");
        let text = std::fs::read_to_string(self.folder.join(&file)).map_err(|_| {
            let (release, extension) = (version.to_owned(), extension.to_owned());
            self.failed(CarveError::NoExtension { release, extension })
        })?;
        let mut manifest: Manifest = serde_json::from_str(&text).map_err(|error| {
            self.failed(CarveError::Damaged { file, reason: error.to_string() })
        })?;
        let extra = carve::extra_dependencies(&self.folder).map_err(|error| self.failed(error))?;
        manifest.dependencies.extend(extra);
        Ok(manifest.dependencies)
    }

    /// Writes the plugin as a package of its own.
    ///
    /// # Errors
    /// See [`CarveError`].
    pub(super) fn carve(
        &self,
        extension: &str,
        version: &str,
        into: &Path,
    ) -> Result<(), InstallError> {
        let carved = carve::carve(&self.folder, version, extension, into)
            .map_err(|error| self.failed(error))?;
        tracing::debug!(?carved, bundle = %self.id, "taken out of its bundle");
        Ok(())
    }

    fn failed(&self, source: CarveError) -> InstallError {
        InstallError::Carve { package: self.id.clone(), source }
    }
}

/// Most of `openclaw` has nothing to do with its plugins.
fn is_needed(path: &Path) -> bool {
    let Some(path) = path.to_str() else { return false };
    let is_code = path.ends_with(".js") || path.ends_with(".mjs");
    match path.strip_prefix("dist/") {
        Some(inside) if inside.contains('/') => {
            inside.starts_with("extensions/") || (inside.starts_with("plugin-sdk/") && is_code)
        }
        Some(_) => is_code,
        None => matches!(path, "LICENSE" | "package.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_plugin_is_made_of_is_unpacked() {
        for path in [
            "dist/send-1.mjs",
            "dist/token.js",
            "dist/plugin-sdk/core.js",
            "dist/extensions/telegram/openclaw.plugin.json",
            "LICENSE",
            "package.json",
        ] {
            assert!(is_needed(Path::new(path)), "{path}");
        }
        for path in
            ["README.md", "docs/a.md", "dist/plugin-sdk/core.d.ts", "dist/ui/app.js", "x.mjs"]
        {
            assert!(!is_needed(Path::new(path)), "{path}");
        }
    }
}
