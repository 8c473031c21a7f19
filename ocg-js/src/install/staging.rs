//! Changes the plugins folder all at once: a tree is built beside it and renamed into place, so
//! that whatever cuts an installation off leaves the old state.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::InstallError;
use super::lock::LockFile;
use super::store::{self, Record};

const PREFIX: &str = ".tmp-";

/// A change in progress. It holds the folder's lock, and its files vanish when it is dropped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    temp: PathBuf,
    id: String,
    _lock: File,
}

impl Staging {
    /// Locks the plugins folder, finishes or removes what a cut-off change left there, and makes
    /// room for a new one.
    ///
    /// # Errors
    /// When another process holds the lock or the disk refuses.
    pub(super) fn begin(folder: &Path) -> Result<Self, InstallError> {
        fs::create_dir_all(folder).map_err(|e| InstallError::disk("create", folder, e))?;
        let path = folder.join(".lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|e| InstallError::disk("write", &path, e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(InstallError::Busy { folder: folder.to_owned() });
            }
            Err(TryLockError::Error(e)) => return Err(InstallError::disk("lock", &path, e)),
        }
        recover(folder)?;
        let id = hex::encode(rand::random::<[u8; 8]>());
        let temp = folder.join(format!("{PREFIX}{id}"));
        let tarballs = temp.join("tarballs");
        fs::create_dir_all(&tarballs).map_err(|e| InstallError::disk("create", &tarballs, e))?;
        Ok(Self { folder: folder.to_owned(), temp, id, _lock: lock })
    }

    /// Names this change; the tree's record carries it.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Where the new tree is built.
    pub(super) fn tree(&self) -> PathBuf {
        self.temp.join("tree")
    }

    /// Where the `n`th tarball goes.
    pub(super) fn tarball(&self, n: usize) -> PathBuf {
        self.temp.join("tarballs").join(format!("{n}.tgz"))
    }

    /// Where the tarball that holds a plugin among other things goes.
    pub(super) fn bundle_tarball(&self) -> PathBuf {
        self.temp.join("tarballs/bundle.tgz")
    }

    /// Where that is unpacked.
    pub(super) fn bundle(&self) -> PathBuf {
        self.temp.join("bundle")
    }

    /// Puts the tree and the new lock file in place.
    ///
    /// # Errors
    /// When the disk refuses; nothing has changed then.
    pub(super) fn commit(&self, package: &str, lock: &LockFile) -> Result<(), InstallError> {
        self.write_lock(lock)?;
        self.swap_tree(package)?;
        self.swap_lock()
    }

    /// Takes a plugin away.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn remove(&self, package: &str, lock: &LockFile) -> Result<(), InstallError> {
        self.write_lock(lock)?;
        let place = store::tree_of(&self.folder, package);
        fs::rename(&place, self.temp.join("removed"))
            .map_err(|e| InstallError::disk("remove", &place, e))?;
        self.swap_lock()
    }

    fn write_lock(&self, lock: &LockFile) -> Result<(), InstallError> {
        let path = LockFile::path(&self.temp);
        let write = || {
            let mut file = File::create(&path)?;
            io::Write::write_all(&mut file, lock.to_text().as_bytes())?;
            file.sync_all()
        };
        write().map_err(|e| InstallError::disk("write", &path, e))
    }

    /// The one step that makes the change: what follows is done by [`recover`], if need be.
    fn swap_tree(&self, package: &str) -> Result<(), InstallError> {
        let (new, place) = (self.tree(), store::tree_of(&self.folder, package));
        let disk = |e| InstallError::disk("replace", &place, e);
        if !place.exists() {
            return fs::rename(&new, &place).map_err(disk);
        }
        match exchange(&new, &place) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                let old = self.temp.join("old");
                fs::create_dir_all(&old).map_err(disk)?;
                let old = old.join(store::folder_name(package));
                fs::rename(&place, &old).map_err(disk)?;
                fs::rename(&new, &place)
                    .inspect_err(|_| drop(fs::rename(&old, &place)))
                    .map_err(disk)
            }
            other => other.map_err(disk),
        }
    }

    fn swap_lock(&self) -> Result<(), InstallError> {
        let path = LockFile::path(&self.folder);
        fs::rename(LockFile::path(&self.temp), &path)
            .map_err(|e| InstallError::disk("replace", &path, e))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.temp) {
            tracing::debug!(%error, path = %self.temp.display(), "temporary files stay behind");
        }
    }
}

/// Finishes changes that were cut off after the tree was in place, undoes those that were cut off
/// while it was replaced, and removes all temporary files.
fn recover(folder: &Path) -> Result<(), InstallError> {
    let read = |e| InstallError::disk("read", folder, e);
    for entry in fs::read_dir(folder).map_err(read)? {
        let temp = entry.map_err(read)?.path();
        let name = temp.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(id) = name.strip_prefix(PREFIX) else { continue };
        put_back(folder, &temp);
        let lock = LockFile::path(&temp);
        if lock.exists() && Record::all(folder).any(|record| record.change == id) {
            let place = LockFile::path(folder);
            fs::rename(&lock, &place).map_err(|e| InstallError::disk("replace", &place, e))?;
        }
        fs::remove_dir_all(&temp).map_err(|e| InstallError::disk("remove", &temp, e))?;
    }
    Ok(())
}

/// Trees that were moved away and whose successor never came.
fn put_back(folder: &Path, temp: &Path) {
    for old in fs::read_dir(temp.join("old")).into_iter().flatten().flatten() {
        let place = folder.join(old.file_name());
        if !place.exists()
            && let Err(error) = fs::rename(old.path(), &place)
        {
            tracing::warn!(%error, path = %place.display(), "cannot restore a plugin");
        }
    }
}

/// Swaps two folders in one step, where the system can.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).map_err(|error| match error {
        // File systems that cannot do it say one of these.
        Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP => io::ErrorKind::Unsupported.into(),
        other => other.into(),
    })
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::install::lock::LockedPlugin;

    fn lock_with(version: &str) -> LockFile {
        let mut lock = LockFile::default();
        let packages = [(
            "node_modules/p".to_owned(),
            serde_json::from_value(serde_json::json!({"version": version, "integrity": "sha1-x"}))
                .unwrap(),
        )];
        let plugin = LockedPlugin {
            requested: String::new(),
            version: version.into(),
            packages: packages.into(),
        };
        lock.plugins.insert("p".into(), plugin);
        lock
    }

    /// Builds a tree of version `version` and gives the change and its lock file.
    fn build(folder: &Path, version: &str) -> (Staging, LockFile) {
        let staging = Staging::begin(folder).unwrap();
        let record = Record {
            package: "p".into(),
            version: version.into(),
            requested: String::new(),
            installed_at: "2026-01-01T00:00:00Z".into(),
            change: staging.id().to_owned(),
        };
        fs::create_dir_all(staging.tree()).unwrap();
        record.write(&staging.tree()).unwrap();
        (staging, lock_with(version))
    }

    fn state(folder: &Path) -> (Option<String>, Option<String>) {
        let tree = Record::all(folder).next().map(|record| record.version);
        let lock = LockFile::read(folder).unwrap().plugins.remove("p").map(|p| p.version);
        (tree, lock)
    }

    /// What a killed process leaves: nothing is cleaned up, but the lock is gone.
    fn kill(staging: Staging) {
        let temp = staging.temp.clone();
        let aside = temp.with_extension("aside");
        fs::rename(&temp, &aside).unwrap();
        drop(staging);
        fs::rename(&aside, &temp).unwrap();
    }

    fn installed(folder: &Path) {
        let (staging, lock) = build(folder, "1.0.0");
        staging.commit("p", &lock).unwrap();
    }

    #[test]
    fn killed_before_the_swap_leaves_the_old_state() {
        let folder = tempfile::tempdir().unwrap();
        installed(folder.path());
        let (staging, lock) = build(folder.path(), "2.0.0");
        staging.write_lock(&lock).unwrap();
        kill(staging);
        drop(Staging::begin(folder.path()).unwrap());
        assert_eq!(state(folder.path()), (Some("1.0.0".into()), Some("1.0.0".into())));
    }

    #[test]
    fn killed_after_the_swap_is_finished_later() {
        let folder = tempfile::tempdir().unwrap();
        installed(folder.path());
        let (staging, lock) = build(folder.path(), "2.0.0");
        staging.write_lock(&lock).unwrap();
        staging.swap_tree("p").unwrap();
        kill(staging);
        drop(Staging::begin(folder.path()).unwrap());
        assert_eq!(state(folder.path()), (Some("2.0.0".into()), Some("2.0.0".into())));
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
        assert_eq!(left.len(), 3, "the tree, the lock file and the lock: {left:?}");
    }

    #[test]
    fn a_tree_moved_away_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        installed(folder.path());
        let (staging, lock) = build(folder.path(), "2.0.0");
        staging.write_lock(&lock).unwrap();
        // Halfway through a replacement on a file system that cannot exchange folders.
        let old = staging.temp.join("old");
        fs::create_dir_all(&old).unwrap();
        fs::rename(folder.path().join("p"), old.join("p")).unwrap();
        kill(staging);
        drop(Staging::begin(folder.path()).unwrap());
        assert_eq!(state(folder.path()), (Some("1.0.0".into()), Some("1.0.0".into())));
    }

    #[test]
    fn two_changes_exclude_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let first = Staging::begin(folder.path()).unwrap();
        assert!(matches!(Staging::begin(folder.path()), Err(InstallError::Busy { .. })));
        drop(first);
        assert!(Staging::begin(folder.path()).is_ok());
    }
}
