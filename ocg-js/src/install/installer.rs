//! The steps of an installation, in order.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use super::{InstallError, InstallProgress, InstalledPlugin, Notice};

/// Where and how to install.
#[derive(Debug)]
pub struct InstallSettings {
    /// The plugins folder; created when missing. Its `.npmrc` comes before the user's.
    pub folder: PathBuf,
    /// The HTTP client with the gateway's proxy and certificate settings.
    pub client: reqwest::ClientBuilder,
    /// Environment variables: `npm_config_registry`, `npm_config_userconfig` and whatever `.npmrc`
    /// refers to as `${NAME}`.
    pub environment: HashMap<String, String>,
    /// The user's home folder, for `~/.npmrc`.
    pub home: Option<PathBuf>,
    /// The age in days below which a version of a plugin is not chosen (`minReleaseAgeDays`).
    pub min_release_age_days: u32,
    /// How often and how fast a failed request is repeated.
    pub retry: RetryPolicy,
}

/// How often and how fast a failed request is repeated.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Tries in all, the first one included.
    pub attempts: u32,
    /// Wait before the second try; doubles each time.
    pub first_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 4, first_delay: Duration::from_millis(500) }
    }
}

/// What to install.
#[derive(Debug, Clone, Default)]
pub struct InstallRequest {
    /// `name`, `name@version`, `name@range` or `name@tag`; the name may be a short one such as
    /// `weixin`.
    pub spec: String,
    /// Take a version even if it is younger than `minReleaseAgeDays`.
    pub allow_fresh: bool,
    /// Look for newer versions even if the lock file knows the plugin (`ocg plugins update`).
    pub update: bool,
}

/// What was installed.
#[derive(Debug)]
pub struct InstallReport {
    /// The plugin, now in place.
    pub plugin: InstalledPlugin,
    /// The version that was installed before, if any.
    pub previous: Option<String>,
    /// Packages in its tree, itself included.
    pub packages: usize,
    /// Packages (`name@version`) whose install scripts were not run.
    pub skipped_scripts: Vec<String>,
    /// Everything the operator should know.
    pub notices: Vec<Notice>,
}

/// Installs plugins into one plugins folder.
#[derive(Debug)]
pub struct Installer {
    folder: PathBuf,
}

impl Installer {
    /// An installer with these settings; reads the `.npmrc` files.
    ///
    /// # Errors
    /// When a registry address or an `.npmrc` file is not valid.
    pub fn new(settings: InstallSettings) -> Result<Self, InstallError> {
        Ok(Self { folder: settings.folder })
    }

    /// Installs or replaces one plugin. A failure, or dropping the future, leaves the plugins
    /// folder as it was.
    ///
    /// # Errors
    /// See [`InstallError`].
    pub async fn install(
        &self,
        request: &InstallRequest,
        progress: &dyn InstallProgress,
    ) -> Result<InstallReport, InstallError> {
        let _ = (&self.folder, progress);
        Err(InstallError::NotInstalled { package: request.spec.clone(), near: None })
    }
}
