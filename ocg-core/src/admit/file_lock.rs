//! Lock files as plugins make them, for the files that both change.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

/// Age at which a lock counts as left behind by a program that died: no change takes a second.
const STALE: Duration = Duration::from_secs(10);
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(20);
/// How long others may hold a lock one after the other.
const PATIENCE: Duration = Duration::from_secs(20);

/// Holds `<file>.lock` (plugin contract, `withFileLock`): whoever creates it has the lock, and
/// removing it gives the lock back.
#[derive(Debug)]
pub(super) struct FileLock {
    path: PathBuf,
}

impl FileLock {
    /// Waits for the lock of `file`, in a thread that may block.
    ///
    /// # Errors
    /// The lock file cannot be created, or others keep it.
    pub(super) fn acquire(file: &Path) -> io::Result<Self> {
        Self::within(file, PATIENCE)
    }

    fn within(file: &Path, patience: Duration) -> io::Result<Self> {
        let mut name = file.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let mut waited = Duration::ZERO;
        loop {
            match create(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) if is_stale(&path) => {
                    tracing::warn!(target: "ocg::admit", lock = %path.display(), "removes a lock that was left behind");
                    match fs::remove_file(&path) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                        _ => {}
                    }
                }
                Err(_) if waited >= patience => {
                    let reason = "another program keeps it locked; try again";
                    return Err(io::Error::new(io::ErrorKind::TimedOut, reason));
                }
                Err(_) => {
                    thread::sleep(PAUSE);
                    waited += PAUSE;
                }
            }
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(target: "ocg::admit", lock = %self.path.display(), %error, "a lock could not be removed");
        }
    }
}

fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn is_stale(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > STALE))
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn a_held_lock_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        let lock = FileLock::acquire(&file).unwrap();
        assert!(folder.path().join("a.json.lock").exists());
        let refused = FileLock::within(&file, PAUSE).unwrap_err();
        insta::assert_snapshot!(refused, @"another program keeps it locked; try again");
        let waiting = thread::spawn({
            let file = file.clone();
            move || FileLock::acquire(&file).map(drop)
        });
        drop(lock);
        waiting.join().unwrap().unwrap();
        assert!(!folder.path().join("a.json.lock").exists());
    }

    #[test]
    fn a_lock_that_was_left_behind_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let left = File::create(folder.path().join("a.json.lock")).unwrap();
        left.set_modified(SystemTime::now() - STALE - Duration::from_secs(1)).unwrap();
        FileLock::within(&folder.path().join("a.json"), Duration::ZERO).unwrap();
    }
}
