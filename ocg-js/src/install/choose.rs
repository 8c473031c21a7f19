//! Which version of a package is taken.

use std::time::{Duration, SystemTime};

use node_semver::Version;

use super::InstallError;
use super::alias;
use super::packument::{Packument, VersionData};
use super::spec::{Dependency, Wanted};

/// How long a version must have been public before it is chosen: malicious versions are mostly
/// found and withdrawn within days.
#[derive(Debug, Clone, Copy)]
pub(super) struct MinAge {
    pub(super) days: u32,
    pub(super) now: SystemTime,
}

/// A version that will do.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) version: Version,
    pub(super) data: VersionData,
    /// The version that would have been taken if it were older.
    pub(super) passed_over: Option<Version>,
    /// Whether the registry did not say how old the version is.
    pub(super) age_unknown: bool,
}

/// Chooses the version that npm would take, if it is old enough, else the next best.
///
/// # Errors
/// When no version fits or all that fit are too young.
pub(super) fn choose(
    packument: &Packument,
    dependency: &Dependency,
    min_age: Option<MinAge>,
) -> Result<Chosen, InstallError> {
    let Some(best) = best(packument, &dependency.wanted)? else {
        return Err(not_found(packument, dependency));
    };
    let take = |version: Version, passed_over, age_unknown| {
        let data = read(packument, &version)?;
        Ok(Chosen { version, data, passed_over, age_unknown })
    };
    let Some(min_age) = min_age else { return take(best, None, false) };
    let too_young = |version: &Version| {
        let age = min_age.now.duration_since(packument.published(version)?).unwrap_or_default();
        Some(age < Duration::from_secs(u64::from(min_age.days) * 24 * 60 * 60))
    };
    match too_young(&best) {
        None => take(best, None, true),
        Some(false) => take(best, None, false),
        Some(true) => {
            for version in older(packument, &dependency.wanted, &best) {
                if too_young(&version) == Some(false) && !is_deprecated(packument, &version)? {
                    return take(version, Some(best), false);
                }
            }
            Err(InstallError::TooFresh {
                package: packument.name.clone(),
                version: best.to_string(),
                days: min_age.days,
            })
        }
    }
}

fn best(packument: &Packument, wanted: &Wanted) -> Result<Option<Version>, InstallError> {
    let exists = |version: &Version| packument.version(version).is_some();
    let latest = packument.tagged("latest").filter(exists);
    match wanted {
        Wanted::Exact(version) => Ok(Some(version.clone()).filter(exists)),
        Wanted::Tag(tag) => Ok(packument.tagged(tag).filter(exists)),
        Wanted::Any | Wanted::Range(_) => {
            if let Some(latest) = latest
                && wanted.accepts(&latest)
                && !is_deprecated(packument, &latest)?
            {
                return Ok(Some(latest));
            }
            // A deprecated version is better than none.
            let mut fallback = None;
            for version in packument.versions().into_iter().filter(|v| wanted.accepts(v)) {
                if !is_deprecated(packument, &version)? {
                    return Ok(Some(version));
                }
                fallback.get_or_insert(version);
            }
            Ok(fallback)
        }
    }
}

/// What may be taken when `best` is too young, the best first.
fn older(packument: &Packument, wanted: &Wanted, best: &Version) -> Vec<Version> {
    let stands_for = |version: &Version| match wanted {
        Wanted::Exact(_) => false,
        Wanted::Range(range) => range.satisfies(version),
        Wanted::Any | Wanted::Tag(_) => best.is_prerelease() || !version.is_prerelease(),
    };
    packument.versions().into_iter().filter(|v| v < best && stands_for(v)).collect()
}

fn is_deprecated(packument: &Packument, version: &Version) -> Result<bool, InstallError> {
    Ok(read(packument, version)?.deprecated().is_some())
}

fn read(packument: &Packument, version: &Version) -> Result<VersionData, InstallError> {
    let bad = |reason: String| InstallError::BadPackument {
        package: packument.name.clone(),
        registry: packument.registry.clone(),
        reason,
    };
    match packument.version(version) {
        Some(Ok(data)) => Ok(data),
        Some(Err(error)) => Err(bad(format!("version {version}: {error}"))),
        None => Err(bad(format!("version {version} is missing"))),
    }
}

fn not_found(packument: &Packument, dependency: &Dependency) -> InstallError {
    let nearest = match &dependency.wanted {
        Wanted::Exact(wanted) => {
            let versions = packument.versions();
            let below = versions.iter().find(|v| *v < wanted);
            below.or(versions.last()).map(ToString::to_string)
        }
        Wanted::Tag(tag) => {
            let tags = packument.tags.keys().map(String::as_str);
            alias::closest(tag, tags).map(|tag| format!("the tag {tag}"))
        }
        Wanted::Any | Wanted::Range(_) => None,
    };
    InstallError::VersionNotFound {
        package: packument.name.clone(),
        wanted: if dependency.text.is_empty() { "latest".into() } else { dependency.text.clone() },
        nearest,
        latest: packument.tags.get("latest").cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packument() -> Packument {
        serde_json::from_str(
            r#"{"dist-tags": {"latest": "2.0.0", "next": "3.0.0-rc.1"},
                "versions": {"1.0.0": {}, "1.1.0": {}, "1.2.0": {"deprecated": "broken"},
                             "2.0.0": {}, "2.1.0": {}, "3.0.0-rc.1": {}},
                "time": {"1.0.0": "2026-01-01T00:00:00Z", "1.1.0": "2026-02-01T00:00:00Z",
                         "2.0.0": "2026-03-01T00:00:00Z", "2.1.0": "2026-03-09T00:00:00Z"}}"#,
        )
        .unwrap()
    }

    fn version(wanted: &str, now: Option<&str>) -> Result<String, InstallError> {
        let dependency = Dependency::parse("p", wanted).unwrap();
        let min_age =
            now.map(|now| MinAge { days: 7, now: humantime::parse_rfc3339(now).unwrap() });
        choose(&packument(), &dependency, min_age).map(|chosen| chosen.version.to_string())
    }

    #[test]
    fn latest_is_preferred_and_deprecated_versions_avoided() {
        assert_eq!(version(">=1", None).unwrap(), "2.0.0", "latest beats the higher 2.1.0");
        assert_eq!(version("^2.1", None).unwrap(), "2.1.0");
        assert_eq!(version("1.x", None).unwrap(), "1.1.0");
        assert_eq!(version("~1.2", None).unwrap(), "1.2.0", "deprecated, but the only one");
        assert_eq!(version("next", None).unwrap(), "3.0.0-rc.1");
        assert_eq!(version("", None).unwrap(), "2.0.0");
    }

    #[test]
    fn young_versions_are_passed_over() {
        assert_eq!(version(">=1", Some("2026-03-02T00:00:00Z")).unwrap(), "1.1.0");
        assert_eq!(version("latest", Some("2026-03-02T00:00:00Z")).unwrap(), "1.1.0");
        assert_eq!(version("2.0.0", Some("2026-03-08T00:00:01Z")).unwrap(), "2.0.0");
        assert!(matches!(
            version("2.0.0", Some("2026-03-02T00:00:00Z")),
            Err(InstallError::TooFresh { .. })
        ));
    }
}
