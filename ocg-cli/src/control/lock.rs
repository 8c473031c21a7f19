//! One gateway per state folder.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use ocg_core::config::StateDir;

use crate::output::timestamp;

/// Why the state folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another gateway uses it.
    #[error("a gateway already runs on {} ({holder})", path.display())]
    Held {
        /// The state folder.
        path: PathBuf,
        /// The other gateway.
        holder: Holder,
    },
    /// The lock file cannot be made.
    #[error("cannot lock {}", path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The gateway that has the state folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Its process id, if it has written it already.
    pub pid: Option<u32>,
    /// Since when it runs.
    pub since: SystemTime,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(pid) = self.pid {
            write!(f, "pid {pid}, ")?;
        }
        write!(f, "since {}", timestamp(self.since))
    }
}

/// The state folder is ours as long as this lives; the system frees it however the process ends.
#[derive(Debug)]
pub struct GatewayLock {
    file: File,
}

impl GatewayLock {
    /// Takes the state folder and writes our process id into `ocg.pid`.
    ///
    /// # Errors
    /// See [`LockError`].
    pub fn take(state: &StateDir) -> Result<Self, LockError> {
        let path = state.pid_file();
        let failed = |source| LockError::Io { path: path.clone(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = Holder::read(&mut file).map_err(failed)?;
                return Err(LockError::Held { path: state.root().to_owned(), holder });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed)?;
        Ok(Self { file })
    }

    /// The gateway that has the state folder; none if nobody has, whatever the file says: one
    /// that was killed leaves its process id behind.
    ///
    /// # Errors
    /// [`LockError::Io`].
    pub fn holder(state: &StateDir) -> Result<Option<Holder>, LockError> {
        let path = state.pid_file();
        let failed = |source| LockError::Io { path: path.clone(), source };
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(failed)?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Holder::read(&mut file).map(Some).map_err(failed),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

impl Drop for GatewayLock {
    fn drop(&mut self) {
        // The file stays: removing it could take away the lock of the next one.
        let _ = self.file.set_len(0);
    }
}

impl Holder {
    fn read(file: &mut File) -> io::Result<Self> {
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok(Self { pid: text.trim().parse().ok(), since: file.metadata()?.modified()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_gateway_is_told_who_is_first() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::new(folder.path(), None);
        let first = GatewayLock::take(&state).unwrap();
        match GatewayLock::take(&state).unwrap_err() {
            LockError::Held { holder, .. } => assert_eq!(holder.pid, Some(std::process::id())),
            other => panic!("{other}"),
        }
        assert_eq!(GatewayLock::holder(&state).unwrap().unwrap().pid, Some(std::process::id()));
        drop(first);
        assert_eq!(GatewayLock::holder(&state).unwrap(), None);
        GatewayLock::take(&state).unwrap();
    }
}
