//! Why a plugin cannot be installed, read or removed.

use std::io;
use std::path::{Path, PathBuf};

use ocg_core::error::Fault;

use crate::manifest::ManifestError;

/// Why a plugin cannot be installed, read or removed. Whatever it is, the plugins folder is as it
/// was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// What was asked for is not a registry package.
    #[error("{spec:?} is not a package to install: {reason}; write name, name@version or name@tag")]
    BadSpec {
        /// What was asked for.
        spec: String,
        /// What is wrong with it.
        reason: String,
    },
    /// OpenClaw itself was asked for.
    #[error(
        "openclaw is the host that plugins run in, which ocg replaces; install a channel plugin, \
         such as weixin, qqbot or telegram"
    )]
    HostItself,
    /// No such plugin is installed.
    #[error("{package} is not installed{}", did_you_mean(near.as_deref()))]
    NotInstalled {
        /// What was asked for.
        package: String,
        /// An installed plugin with a similar name.
        near: Option<String>,
    },
    /// An `.npmrc` file cannot be read as one.
    #[error("{} is not a valid .npmrc file: {reason}", path.display())]
    Npmrc {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A registry address is not a URL.
    #[error("the npm registry address in {place} is not an http or https URL: {reason}")]
    RegistryAddress {
        /// The setting it comes from.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// The HTTP client cannot be built.
    #[error("cannot set up the HTTP client; check `proxy` and `extraCaCerts`")]
    Client(#[source] reqwest::Error),
    /// The registry cannot be reached.
    #[error(
        "cannot reach the npm registry {registry}: {reason}; check the network, `proxy` and \
         `extraCaCerts` in ocg.json (HTTPS_PROXY, NODE_EXTRA_CA_CERTS), or name another \
         `registry` in .npmrc"
    )]
    Unreachable {
        /// Address of the registry.
        registry: String,
        /// What happened, in a few words.
        reason: String,
        /// What the HTTP client said.
        #[source]
        source: reqwest::Error,
    },
    /// The registry answered with an error.
    #[error("the npm registry {registry} answered {status} for {package}; try again later")]
    Status {
        /// Address of the registry.
        registry: String,
        /// HTTP status code.
        status: u16,
        /// The package that was asked for.
        package: String,
        /// Seconds to wait, if the registry said so.
        retry_after: Option<u64>,
    },
    /// The registry wants other credentials.
    #[error(
        "the npm registry {registry} answered {status} for {package}: {}",
        if *had_credentials {
            "the credentials in .npmrc are not accepted for it; renew them"
        } else {
            "it wants credentials; set //host/:_authToken for it in .npmrc"
        }
    )]
    Unauthorized {
        /// Address of the registry.
        registry: String,
        /// 401 or 403.
        status: u16,
        /// The package that was asked for.
        package: String,
        /// Whether `.npmrc` had credentials for this registry.
        had_credentials: bool,
    },
    /// The registry does not know the package.
    #[error(
        "the npm registry {registry} has no package {package}{}",
        near.as_deref().map_or_else(
            || "; check the spelling (a private package needs credentials in .npmrc)".to_owned(),
            |n| did_you_mean(Some(n)),
        )
    )]
    PackageNotFound {
        /// The package that was asked for.
        package: String,
        /// Address of the registry.
        registry: String,
        /// A known plugin with a similar name.
        near: Option<String>,
    },
    /// The registry names a tarball that is not there.
    #[error("the tarball of {package} is missing at {address}; it may have been withdrawn")]
    TarballNotFound {
        /// The package.
        package: String,
        /// Where it should be.
        address: String,
    },
    /// The package has no version that fits.
    #[error(
        "{package} has no version that matches {wanted}{}{}",
        nearest.as_ref().map(|v| format!("; the nearest is {v}")).unwrap_or_default(),
        latest.as_ref().map(|v| format!("; the latest is {v}")).unwrap_or_default()
    )]
    VersionNotFound {
        /// The package.
        package: String,
        /// The version, range or tag.
        wanted: String,
        /// An existing version or tag close to it.
        nearest: Option<String>,
        /// The version that the tag `latest` names.
        latest: Option<String>,
    },
    /// A dependency fails, with the way to it.
    #[error("a dependency of {required_by} cannot be installed")]
    Dependency {
        /// The package that wants it, `name@version`.
        required_by: String,
        /// What is wrong with the dependency.
        #[source]
        source: Box<InstallError>,
    },
    /// Every version that fits is too young.
    #[error(
        "{package} {version} was published less than {days} days ago, and new versions may be \
         malicious; wait, choose an older version, or pass --allow-fresh (setting \
         `minReleaseAgeDays`)"
    )]
    TooFresh {
        /// The package.
        package: String,
        /// The version, or the newest one that fits.
        version: String,
        /// The age a version must have.
        days: u32,
    },
    /// The registry's answer about a package makes no sense.
    #[error("the npm registry {registry} gave an unusable answer about {package}: {reason}")]
    BadPackument {
        /// The package.
        package: String,
        /// Address of the registry.
        registry: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A dependency does not come from the registry.
    #[error(
        "{package} depends on {dependency} from {spec:?}; only packages from a registry can be \
         installed"
    )]
    UnsupportedSource {
        /// The package with the dependency, `name@version`.
        package: String,
        /// The dependency.
        dependency: String,
        /// Where it is said to come from.
        spec: String,
    },
    /// A package does not run on this operating system or processor.
    #[error("{package} runs on {wants} only; this machine is {machine}")]
    UnsupportedPlatform {
        /// `name@version`.
        package: String,
        /// What the package names.
        wants: String,
        /// This machine.
        machine: String,
    },
    /// The tree of dependencies is absurdly large.
    #[error(
        "{package} needs more than {limit} packages: its dependencies need each other in a circle \
         of versions that has no end, or it is not a channel plugin"
    )]
    TooManyPackages {
        /// The plugin.
        package: String,
        /// The limit.
        limit: usize,
    },
    /// The registry gives no hash, so that a download could not be checked.
    #[error("the npm registry gives no usable hash for {package}, so it cannot be checked")]
    NoIntegrity {
        /// `name@version`.
        package: String,
    },
    /// A tarball is not what it should be.
    #[error(
        "the tarball of {package} has the wrong hash, so nothing was installed: expected \
         {expected}, got {actual}{}",
        if *locked { "; ocg-lock.json asks for exactly this tarball: the registry has another \
                      one, or the lock file was changed" } else { "" }
    )]
    IntegrityMismatch {
        /// `name@version`.
        package: String,
        /// The hash that was announced.
        expected: String,
        /// The hash of what came.
        actual: String,
        /// Whether the lock file announced it, not the registry.
        locked: bool,
    },
    /// A path in a tarball could leave the package's folder.
    #[error("the tarball of {package} contains {path:?}, which {reason}; nothing was installed")]
    UnsafeArchive {
        /// `name@version`.
        package: String,
        /// The path in the archive.
        path: String,
        /// Why it is refused.
        reason: &'static str,
    },
    /// A tarball is cut off or no tarball.
    #[error("the tarball of {package} is cut off or damaged; nothing was installed")]
    BadArchive {
        /// `name@version`.
        package: String,
        /// What the decoder said.
        #[source]
        source: io::Error,
    },
    /// A tarball is larger than any plugin should be.
    #[error("the tarball of {package} has {what}; nothing was installed")]
    TooLarge {
        /// `name@version`.
        package: String,
        /// The limit that it passes.
        what: String,
    },
    /// A plugin that is a part of another package cannot be taken out of it.
    #[error("cannot take the plugin out of {package}; nothing was installed")]
    Carve {
        /// `name@version`.
        package: String,
        /// Why.
        #[source]
        source: super::CarveError,
    },
    /// The package is no channel plugin.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The plugin was made for a newer OpenClaw.
    #[error(
        "{package} needs OpenClaw {wants}, and this ocg stands for {}; update ocg or choose an \
         older version of the plugin",
        super::HOST_VERSION
    )]
    HostTooOld {
        /// `name@version`.
        package: String,
        /// The range it names.
        wants: String,
    },
    /// The disk refuses.
    #[error("cannot {action} {}{}", path.display(), disk_hint(source))]
    Disk {
        /// `write`, `create` ...
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// Another process installs into the same folder.
    #[error(
        "another `ocg plugins` command is changing {}; wait until it is done",
        folder.display()
    )]
    Busy {
        /// The plugins folder.
        folder: PathBuf,
    },
    /// ocg-lock.json or ocg-plugin.json cannot be used.
    #[error("{} is damaged: {reason}; {remedy}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
        /// What to do about it.
        remedy: &'static str,
    },
}

impl InstallError {
    pub(super) fn disk(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Disk { action, path: path.to_owned(), source }
    }

    /// What to do, where the message does not say it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotInstalled { .. } => "`ocg plugins list` shows what is",
            Self::VersionNotFound { .. } => {
                "ask for another version, or for none to get the latest"
            }
            Self::IntegrityMismatch { locked: false, .. } => {
                "try again; if it stays so, the registry or a proxy changes the file"
            }
            Self::UnsafeArchive { .. } => "report it to the package's authors",
            Self::BadArchive { .. } | Self::TooLarge { .. } => {
                "try again; if it stays so, report it to the package's authors"
            }
            _ => return None,
        })
    }

    /// Whose side the failure is on.
    pub fn fault(&self) -> Fault {
        match self {
            Self::BadSpec { .. }
            | Self::HostItself
            | Self::NotInstalled { .. }
            | Self::Npmrc { .. }
            | Self::RegistryAddress { .. }
            | Self::Client(_)
            | Self::Unauthorized { .. }
            | Self::PackageNotFound { .. }
            | Self::VersionNotFound { .. }
            | Self::TooFresh { .. } => Fault::Config,
            Self::Dependency { source, .. } => source.fault(),
            Self::Unreachable { .. }
            | Self::Status { .. }
            | Self::Disk { .. }
            | Self::Busy { .. }
            | Self::Damaged { .. } => Fault::Machine,
            Self::BadPackument { .. }
            | Self::UnsupportedSource { .. }
            | Self::UnsupportedPlatform { .. }
            | Self::TooManyPackages { .. }
            | Self::TarballNotFound { .. }
            | Self::NoIntegrity { .. }
            | Self::IntegrityMismatch { .. }
            | Self::UnsafeArchive { .. }
            | Self::BadArchive { .. }
            | Self::TooLarge { .. }
            | Self::Carve { .. }
            | Self::Manifest(_)
            | Self::HostTooOld { .. } => Fault::Plugin,
        }
    }

    /// Whether the same request may succeed a moment later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            _ => false,
        }
    }

    /// Whether the registry answered that it has no such package, or no such version of it.
    pub(super) fn is_unpublished(&self) -> bool {
        match self {
            Self::Dependency { source, .. } => source.is_unpublished(),
            _ => matches!(self, Self::PackageNotFound { .. } | Self::VersionNotFound { .. }),
        }
    }

    /// Whether a package is merely not to be had here: an optional one may then be left out.
    /// A wrong hash or a full disk is something else.
    pub(super) fn is_unavailable(&self) -> bool {
        match self {
            Self::Dependency { source, .. } => source.is_unavailable(),
            _ => matches!(
                self,
                Self::Unreachable { .. }
                    | Self::Status { .. }
                    | Self::Unauthorized { .. }
                    | Self::PackageNotFound { .. }
                    | Self::TarballNotFound { .. }
                    | Self::VersionNotFound { .. }
                    | Self::BadPackument { .. }
                    | Self::UnsupportedSource { .. }
                    | Self::UnsupportedPlatform { .. }
                    | Self::NoIntegrity { .. }
            ),
        }
    }
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

/// What to do about it, where the cause alone does not say; the cause itself is the error's source.
fn disk_hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; free some space and try again"
        }
        io::ErrorKind::ReadOnlyFilesystem => "; set OCG_STATE_DIR to a folder that can be written",
        io::ErrorKind::PermissionDenied => "; run as the folder's owner or set OCG_STATE_DIR",
        _ => "",
    }
}
