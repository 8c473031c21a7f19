//! Opening a database file: who may read it, its settings, its schema, and what is done when it
//! is damaged.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, Result};

use super::failure;
use crate::store::StoreError;

/// How long a write waits for another program that has the file locked.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// Files up to this size are checked page by page when they are opened: a few milliseconds.
/// Damage in a larger one is found where it is read.
const CHECKED_BYTES: u64 = 4 * 1024 * 1024;

/// Where a database lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) enum Place {
    Memory,
    File(PathBuf),
}

impl Place {
    /// The file, or a name for messages.
    pub(in crate::store) fn path(&self) -> &Path {
        match self {
            Self::Memory => Path::new("the store in memory"),
            Self::File(path) => path,
        }
    }
}

/// An open database of a known schema.
#[derive(Debug)]
pub(in crate::store) struct Database {
    pub(in crate::store) connection: Connection,
    /// Where a damaged file was moved to before a new one was made.
    pub(in crate::store) kept_aside: Option<PathBuf>,
}

impl Database {
    /// Opens the database, brings its schema up to date, and moves a damaged file aside.
    ///
    /// `migrations` are the steps from schema version 0 (an empty file) to the newest, in order.
    pub(in crate::store) fn open(place: &Place, migrations: &[&str]) -> Result<Self, StoreError> {
        match prepare(place, migrations) {
            Ok(connection) => Ok(Self { connection, kept_aside: None }),
            Err(StoreError::Corrupt { path, reason }) => {
                let kept = set_aside(&path).map_err(|error| StoreError::Corrupt {
                    path: path.clone(),
                    reason: format!("{reason}, and it cannot be moved aside: {error}"),
                })?;
                tracing::error!(target: "ocg::store", file = %path.display(), kept = %kept.display(), %reason, "the database is damaged; it was moved aside and a new one is begun");
                let connection = prepare(place, migrations)?;
                Ok(Self { connection, kept_aside: Some(kept) })
            }
            Err(error) => Err(error),
        }
    }
}

fn prepare(place: &Place, migrations: &[&str]) -> Result<Connection, StoreError> {
    let Place::File(path) = place else {
        let mut connection = Connection::open_in_memory().map_err(|e| failure(place.path(), &e))?;
        migrate(&mut connection, place.path(), migrations)?;
        return Ok(connection);
    };
    make_private(path)?;
    let failed = |error: rusqlite::Error| failure(path, &error);
    let mut connection = Connection::open(path).map_err(failed)?;
    configure(&connection).map_err(failed)?;
    if fs::metadata(path).is_ok_and(|file| file.len() <= CHECKED_BYTES) {
        let verdict: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
        if verdict != "ok" {
            return Err(StoreError::Corrupt { path: path.clone(), reason: verdict });
        }
    }
    migrate(&mut connection, path, migrations)?;
    Ok(connection)
}

/// Makes the file, if there is none, for its owner alone; SQLite gives its side files the same
/// rights.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let other =
        |error: &io::Error| StoreError::Other { path: path.to_owned(), reason: error.to_string() };
    match options.open(path) {
        Ok(file) => {
            #[cfg(unix)]
            {
                let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
                file.set_permissions(private).map_err(|error| other(&error))?;
            }
            drop(file);
            Ok(())
        }
        Err(error) => Err(match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly { path: path.to_owned() }
            }
            io::ErrorKind::StorageFull => StoreError::Full { path: path.to_owned() },
            _ => other(&error),
        }),
    }
}

/// Settings of a connection.
///
/// - `auto_vacuum=INCREMENTAL`, in a new file only (it writes): freed pages can be given back.
/// - `journal_mode=WAL`: a commit appends to one file and needs one `fsync`; readers (`sqlite3`
///   on the command line) do not stand in the way.
/// - `synchronous=FULL`: that `fsync` is made before a commit returns.
/// - `journal_size_limit`: a burst does not leave a large write-ahead log behind.
/// - `cache_size`: 512 KiB of pages; the working set is small.
fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(LOCK_PATIENCE)?;
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if pages == 0 {
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "journal_size_limit", 4 << 20, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -512)
}

/// Takes the steps that the file still lacks, all in one transaction.
fn migrate(
    connection: &mut Connection,
    path: &Path,
    migrations: &[&str],
) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| failure(path, &error);
    let known = migrations.len() as i64;
    let found: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    if found == known {
        return Ok(());
    }
    let step = || -> Result<()> {
        let transaction = connection.transaction()?;
        for migration in &migrations[usize::try_from(found).unwrap_or(0)..] {
            transaction.execute_batch(migration)?;
        }
        transaction.pragma_update(None, "user_version", known)?;
        transaction.commit()
    };
    let mut step = step;
    step().map_err(failed)
}

/// Renames a damaged database and its side files.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string().replace(':', "");
    let suffixed = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let mut kept = suffixed(&format!(".damaged-{now}"));
    for n in 2.. {
        if !kept.exists() {
            break;
        }
        kept = suffixed(&format!(".damaged-{now}-{n}"));
    }
    fs::rename(path, &kept)?;
    for side in ["-wal", "-shm"] {
        let mut target = kept.as_os_str().to_owned();
        target.push(side);
        match fs::rename(suffixed(side), target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(kept)
}
