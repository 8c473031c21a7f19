//! One gateway per state folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use ocg_core::config::StateDir;

/// Why the state folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another gateway uses it.
    #[error("a gateway already runs on {}{}", path.display(), holder(*pid))]
    Held {
        /// The state folder.
        path: PathBuf,
        /// The other gateway's process id, if it has written it already.
        pid: Option<u32>,
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

fn holder(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}

/// The state folder is ours as long as this lives; the system frees it however the process ends.
#[derive(Debug)]
pub struct GatewayLock {
    _file: File,
}

impl GatewayLock {
    /// Takes the state folder and writes our process id into `ocg.pid`.
    ///
    /// # Errors
    /// See [`LockError`].
    pub fn take(state: &StateDir) -> Result<Self, LockError> {
        let path = state.root().join("ocg.pid");
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
                let mut text = String::new();
                let _ = file.read_to_string(&mut text);
                let pid = text.trim().parse().ok();
                return Err(LockError::Held { path: state.root().to_owned(), pid });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed)?;
        Ok(Self { _file: file })
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
            LockError::Held { pid, .. } => assert_eq!(pid, Some(std::process::id())),
            other => panic!("{other}"),
        }
        drop(first);
        GatewayLock::take(&state).unwrap();
    }
}
