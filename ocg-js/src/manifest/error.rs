//! Why a package cannot be used as a channel plugin.

use std::path::PathBuf;

/// Why a package cannot be used as a channel plugin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// A metadata file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// A metadata file is not JSON, or a key in it has the wrong type.
    #[error("{} is not what a package has there", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Line, column and what is wrong there.
        #[source]
        source: serde_json::Error,
    },
    /// The package lacks what makes a channel plugin.
    #[error(
        "{package} is not an OpenClaw channel plugin: it has {missing}; a channel plugin has \
         `openclaw.extensions` or `openclaw.runtimeExtensions` (its entry file) and \
         `openclaw.channel.id` or `openclaw.channels` in package.json, or `channels` in \
         openclaw.plugin.json"
    )]
    NotAChannelPlugin {
        /// Name of the package.
        package: String,
        /// What is missing, as `no ...`.
        missing: String,
    },
    /// An entry file does not exist.
    #[error("{package} names {entry} as its entry file in `{key}`, but does not contain it")]
    EntryMissing {
        /// Name of the package.
        package: String,
        /// The key in package.json.
        key: &'static str,
        /// The path as written.
        entry: String,
    },
    /// An entry file lies outside the package.
    #[error("{package} names {entry} as its entry file in `{key}`, which is outside the package")]
    EntryOutside {
        /// Name of the package.
        package: String,
        /// The key in package.json.
        key: &'static str,
        /// The path as written.
        entry: String,
    },
}
