//! Why a plugin cannot be installed, read or removed.

/// Why a plugin cannot be installed, read or removed. Whatever it is, the plugins folder is as it
/// was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// No such plugin is installed.
    #[error("{package} is not installed{}", near.as_ref().map(|n| format!("; did you mean {n}?")).unwrap_or_default())]
    NotInstalled {
        /// What was asked for.
        package: String,
        /// An installed plugin with a similar name.
        near: Option<String>,
    },
}
