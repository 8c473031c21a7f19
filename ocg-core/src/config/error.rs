//! What can be wrong with the configuration.

use std::path::PathBuf;

use super::diagnose::Diagnostic;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file that was asked for by name does not exist.
    #[error("there is no configuration file {} (named by {named_by}); correct the path or create the file", path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
        /// The option or variable that names it.
        named_by: &'static str,
    },
    /// The path is a folder.
    #[error("{} is a folder; name the configuration file inside it", path.display())]
    IsFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read the configuration file {}: {source}; check its permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is larger than any configuration.
    #[error("{} is larger than {limit} bytes; this is no configuration file", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file is not UTF-8.
    #[error("{}:{line}: the file is not UTF-8 text; save it with the encoding UTF-8", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Line of the first byte that is not, counted from 1.
        line: usize,
    },
    /// The file is empty.
    #[error("{} is empty; write {{}} into it for a configuration with defaults only, or remove it", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A place in the file is wrong.
    #[error("{0}")]
    At(Box<Diagnostic>),
    /// An environment variable has a value that its setting cannot take.
    #[error("environment variable {name}: expected {expected}; correct it or unset it")]
    Environment {
        /// The variable.
        name: &'static str,
        /// What it may be.
        expected: String,
    },
    /// Neither `OCG_STATE_DIR` nor a home folder is known.
    #[error("no home folder is known (HOME is not set); set HOME or OCG_STATE_DIR")]
    NoHome,
    /// The file cannot be written.
    #[error("cannot write the configuration file {}: {source}; the old content is unchanged", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A change that the file's structure does not allow.
    #[error("cannot set {path}: {reason}")]
    Edit {
        /// The setting.
        path: super::KeyPath,
        /// What is in the way and what to do.
        reason: String,
    },
}

impl From<Diagnostic> for ConfigError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::At(Box::new(diagnostic))
    }
}
