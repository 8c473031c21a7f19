//! Where the log goes, and the files it is kept in.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use file_rotate::compression::Compression;
use file_rotate::suffix::AppendCount;
use file_rotate::{ContentLimit, FileRotate};

use ocg_core::config::{ConfigError, Location};

use crate::cli::StartArgs;

/// A log file that has grown past this many bytes makes room for a new one.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Full log files that are kept: `ocg.log.1` is the youngest.
const KEPT: usize = 5;

/// Where the log goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogDestination {
    /// Standard error.
    Terminal,
    /// A file, and the full ones before it.
    File(PathBuf),
}

impl LogDestination {
    /// The destination that `ocg start` was told, or its default.
    ///
    /// # Errors
    /// There is no state folder to have a default in.
    pub fn of(args: &StartArgs, location: &Location) -> Result<Self, ConfigError> {
        let file = |path: PathBuf| Self::File(location.working_dir.join(path));
        Ok(match (&args.log_file, &args.log_dir) {
            (Some(path), _) => file(path.clone()),
            (None, Some(folder)) => file(folder.join("ocg.log")),
            (None, None) if args.background => file(log_file(location.state_dir()?.root())),
            (None, None) => Self::Terminal,
        })
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Terminal => None,
            Self::File(path) => Some(path),
        }
    }
}

/// The log file of a gateway in the background that was not told another.
pub fn log_file(state: &Path) -> PathBuf {
    state.join("logs").join("ocg.log")
}

/// A log file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the log file {}", path.display())]
pub struct LogFileError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// Opens a log file, which its owner alone may read: messages are in it.
///
/// # Errors
/// The folder cannot be made or the file cannot be opened.
pub fn open_log(path: &Path) -> Result<FileRotate<AppendCount>, LogFileError> {
    let failed = |source| LogFileError { path: path.to_owned(), source };
    let folder = path.parent().unwrap_or(Path::new("/"));
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let mut options = OpenOptions::new();
    options.read(true).create(true).append(true).mode(0o600);
    // The rotation says nothing about a file that it cannot open.
    options.open(path).map_err(failed)?;
    Ok(FileRotate::new(
        path,
        AppendCount::new(KEPT),
        ContentLimit::BytesSurpassed(MAX_BYTES),
        Compression::None,
        Some(options),
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_full_file_makes_room_and_only_a_few_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logs").join("ocg.log");
        let mut log = open_log(&path).unwrap();
        let line = vec![b'x'; MAX_BYTES / 2 + 1];
        for _ in 0..2 * (KEPT + 3) {
            log.write_all(&line).unwrap();
        }
        let files = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(files, KEPT + 1);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = open_log(folder.path()).err().unwrap();
        assert!(error.to_string().starts_with("cannot write the log file /"), "{error}");
    }
}
