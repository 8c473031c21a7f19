//! What a registry says about a package: its versions, their dependencies and hashes.

use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

use node_semver::Version;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A registry's document about one package. Versions are kept as text: most are never looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Packument {
    /// The package.
    #[serde(skip)]
    pub(super) name: String,
    /// Address of the registry, for messages.
    #[serde(skip)]
    pub(super) registry: String,
    #[serde(rename = "dist-tags", default)]
    pub(super) tags: BTreeMap<String, String>,
    #[serde(default)]
    versions: HashMap<String, Box<RawValue>>,
    /// Only in the full document, and not from every registry.
    #[serde(default)]
    time: HashMap<String, Value>,
}

impl Packument {
    /// All versions that are valid, the highest first.
    pub(super) fn versions(&self) -> Vec<Version> {
        let mut versions: Vec<Version> =
            self.versions.keys().filter_map(|text| Version::parse(text).ok()).collect();
        versions.sort_by(|a, b| b.cmp(a));
        versions
    }

    /// What one version says about itself.
    pub(super) fn version(
        &self,
        version: &Version,
    ) -> Option<Result<VersionData, serde_json::Error>> {
        let raw = self.versions.get(&version.to_string())?;
        Some(serde_json::from_str(raw.get()))
    }

    /// The version that a tag points to.
    pub(super) fn tagged(&self, tag: &str) -> Option<Version> {
        Version::parse(self.tags.get(tag)?).ok()
    }

    /// When a version was published.
    pub(super) fn published(&self, version: &Version) -> Option<SystemTime> {
        let text = self.time.get(&version.to_string())?.as_str()?;
        humantime::parse_rfc3339_weak(text).ok()
    }
}

/// What one version says about itself. Old packages have odd shapes here; what cannot be
/// understood counts as absent, as it does for npm.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VersionData {
    #[serde(deserialize_with = "texts_by_name")]
    pub(super) dependencies: BTreeMap<String, String>,
    #[serde(deserialize_with = "texts_by_name")]
    pub(super) optional_dependencies: BTreeMap<String, String>,
    #[serde(deserialize_with = "texts_by_name")]
    pub(super) peer_dependencies: BTreeMap<String, String>,
    peer_dependencies_meta: Value,
    bundle_dependencies: Value,
    bundled_dependencies: Value,
    #[serde(deserialize_with = "text_or_texts")]
    pub(super) os: Vec<String>,
    #[serde(deserialize_with = "text_or_texts")]
    pub(super) cpu: Vec<String>,
    #[serde(deserialize_with = "text_or_texts")]
    pub(super) libc: Vec<String>,
    deprecated: Value,
    has_install_script: bool,
    #[serde(deserialize_with = "texts_by_name")]
    scripts: BTreeMap<String, String>,
    pub(super) dist: Dist,
}

/// Where a version's tarball is, and its hash.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Dist {
    pub(super) tarball: String,
    integrity: Option<String>,
    shasum: Option<String>,
}

impl VersionData {
    /// Whether a peer dependency may be missing.
    pub(super) fn peer_is_optional(&self, name: &str) -> bool {
        self.peer_dependencies_meta[name]["optional"].as_bool().unwrap_or(false)
    }

    /// Whether the tarball already holds this dependency.
    pub(super) fn bundles(&self, name: &str) -> bool {
        [&self.bundle_dependencies, &self.bundled_dependencies].into_iter().any(|bundled| {
            match bundled {
                Value::Bool(all) => *all,
                Value::Array(names) => names.iter().any(|n| n == name),
                _ => false,
            }
        })
    }

    /// The author's reason not to use this version any more.
    pub(super) fn deprecated(&self) -> Option<&str> {
        match &self.deprecated {
            Value::String(reason) if !reason.is_empty() => Some(reason),
            Value::Bool(true) => Some("no reason given"),
            _ => None,
        }
    }

    /// Whether npm would run something of this package while installing it.
    pub(super) fn has_scripts(&self) -> bool {
        self.has_install_script
            || ["preinstall", "install", "postinstall"]
                .iter()
                .any(|name| self.scripts.contains_key(*name))
    }
}

impl Dist {
    /// The tarball's hash: the strongest that the registry gives.
    pub(super) fn integrity(&self) -> Option<ssri::Integrity> {
        let given = self.integrity.as_ref().and_then(|text| text.parse::<ssri::Integrity>().ok());
        given.filter(|given| !given.hashes.is_empty()).or_else(|| {
            ssri::Integrity::from_hex(self.shasum.as_ref()?, ssri::Algorithm::Sha1).ok()
        })
    }
}

fn texts_by_name<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<String, String>, D::Error> {
    let Value::Object(entries) = Value::deserialize(d)? else { return Ok(BTreeMap::new()) };
    let texts = entries.into_iter().filter_map(|(name, value)| match value {
        Value::String(text) => Some((name, text)),
        _ => None,
    });
    Ok(texts.collect())
}

fn text_or_texts<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(d)? {
        Value::String(text) => vec![text],
        Value::Array(items) => {
            items.into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_shapes_of_old_packages_are_read() {
        let data: VersionData = serde_json::from_str(
            r#"{"dependencies": [], "os": "linux", "deprecated": false, "bundledDependencies": true,
                "scripts": {"install": "x"}, "peerDependenciesMeta": {"p": {"optional": true}},
                "dist": {"tarball": "t", "shasum": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}}"#,
        )
        .unwrap();
        assert!(data.dependencies.is_empty() && data.deprecated().is_none());
        assert_eq!(data.os, ["linux"]);
        assert!(data.bundles("anything") && data.has_scripts() && data.peer_is_optional("p"));
        assert_eq!(data.dist.integrity().unwrap().to_string(), "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
    }

    #[test]
    fn versions_come_highest_first_and_bad_ones_not_at_all() {
        let packument: Packument = serde_json::from_str(
            r#"{"dist-tags": {"latest": "1.9.0"}, "time": {"1.9.0": "2026-01-02T03:04:05.678Z"},
                "versions": {"1.9.0": {}, "1.10.0": {}, "oops": {}, "1.10.0-rc.1": {}}}"#,
        )
        .unwrap();
        let versions: Vec<String> = packument.versions().iter().map(ToString::to_string).collect();
        assert_eq!(versions, ["1.10.0", "1.10.0-rc.1", "1.9.0"]);
        let published = packument.published(&packument.tagged("latest").unwrap()).unwrap();
        assert_eq!(
            humantime::format_rfc3339_seconds(published).to_string(),
            "2026-01-02T03:04:05Z"
        );
    }
}
