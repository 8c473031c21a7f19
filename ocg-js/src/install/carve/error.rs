//! A release of OpenClaw that the plugin cannot be taken out of.

use std::path::PathBuf;

/// Why a plugin could not be taken out of the `openclaw` package.
#[derive(Debug, thiserror::Error)]
pub enum CarveError {
    /// The release has no such plugin.
    #[error(
        "openclaw {release} has no {extension} plugin (no dist/extensions/{extension}/package.json)"
    )]
    NoExtension {
        /// Its version.
        release: String,
        /// The plugin's id.
        extension: String,
    },
    /// Names that the plugin takes from the rest of OpenClaw have no public name.
    #[error(
        "openclaw {release} is built in a way that ocg does not know: {} of the names that {extension} \
         imports have no place in its plugin SDK, the first is {}; install another release, such as {}",
        .names.len(), .names.first().map_or("", String::as_str), crate::install::HOST_VERSION
    )]
    Unmapped {
        /// Its version.
        release: String,
        /// The plugin's id.
        extension: String,
        /// `chunk#export (source)` of each.
        names: Vec<String>,
    },
    /// A file of the release is not what it should be.
    #[error("cannot read {} of openclaw: {reason}", .file.display())]
    Damaged {
        /// The file, below the package.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A re-export leads nowhere or in a circle.
    #[error("openclaw's {file} exports '{name}', which leads nowhere")]
    Lost {
        /// The file, below `dist`.
        file: String,
        /// The name.
        name: String,
    },
    /// The disk refuses.
    #[error("cannot write {}", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}
