//! Compiled modules on disk, so that a start does not parse them again.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::bytecode;
use super::imports::ImportRecord;

/// First bytes of every file.
const MAGIC: &[u8] = b"OCGJS1\n";
const CHECKSUM: usize = 32;

/// A directory of compiled modules that nobody else can write: the engine trusts what it reads.
pub(crate) struct BytecodeCache {
    folder: PathBuf,
    /// Everything but the source that the code depends on.
    tag: String,
}

/// What the compiled code is good for: one source under one name, compiled in one way.
pub(crate) struct Key(String);

/// A compiled module and what was found out when it was parsed.
pub(crate) struct Entry {
    pub(crate) code: Vec<u8>,
    /// Imports that decide how SDK modules are linked.
    pub(crate) imports: Vec<ImportRecord>,
}

impl BytecodeCache {
    /// Opens the directory, or makes it. An unusable one is reported once and not used.
    pub(crate) fn open(folder: &Path) -> Option<Self> {
        match prepare(folder) {
            Ok(()) => {
                let version = env!("CARGO_PKG_VERSION");
                let tag = format!("{}/{version}/{}", bytecode::engine_version(), pointer_kind());
                Some(Self { folder: folder.to_owned(), tag })
            }
            Err(error) => {
                tracing::warn!(
                    "compiled plugins are not cached: {} {error}; starts take longer",
                    folder.display()
                );
                None
            }
        }
    }

    /// Where the files are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn key(&self, kind: &str, name: &str, source: &str) -> Key {
        let mut hash = Sha256::new();
        for part in [&self.tag, kind, name, source] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Key(hex::encode(hash.finalize()))
    }

    /// The entry, if there is one and it is undamaged.
    pub(crate) fn get(&self, key: &Key) -> Option<Entry> {
        let bytes = fs::read(self.path(key)).ok()?;
        let entry = parse(&bytes);
        if entry.is_none() {
            tracing::debug!("ignoring damaged file {}", self.path(key).display());
        }
        entry
    }

    /// Stores the entry. Failures cost only time at the next start.
    pub(crate) fn put(&self, key: &Key, entry: &Entry) {
        if let Err(error) = self.write(key, entry) {
            tracing::debug!("cannot write {}: {error}", self.path(key).display());
        }
    }

    fn write(&self, key: &Key, entry: &Entry) -> io::Result<()> {
        let imports = serde_json::to_vec(&entry.imports)?;
        let mut content = Vec::with_capacity(8 + imports.len() + entry.code.len());
        content.extend_from_slice(&(imports.len() as u64).to_le_bytes());
        content.extend_from_slice(&imports);
        content.extend_from_slice(&entry.code);
        // Written aside and renamed: readers see a whole file or none.
        let aside = self.folder.join(format!("{}.{}.new", key.0, std::process::id()));
        let mut file = fs::File::create(&aside)?;
        file.write_all(MAGIC)?;
        file.write_all(&Sha256::digest(&content))?;
        file.write_all(&content)?;
        drop(file);
        fs::rename(&aside, self.path(key))
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.qjsc", key.0))
    }
}

fn parse(bytes: &[u8]) -> Option<Entry> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (checksum, content) = rest.split_at_checked(CHECKSUM)?;
    if Sha256::digest(content).as_slice() != checksum {
        return None;
    }
    let (length, rest) = content.split_at_checked(8)?;
    let length = usize::try_from(u64::from_le_bytes(length.try_into().ok()?)).ok()?;
    let (imports, code) = rest.split_at_checked(length)?;
    Some(Entry { code: code.to_vec(), imports: serde_json::from_slice(imports).ok()? })
}

/// Bytecode differs by word size and byte order.
fn pointer_kind() -> String {
    format!("{}{}", std::mem::size_of::<usize>(), cfg!(target_endian = "big"))
}

#[cfg(unix)]
fn prepare(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let metadata = fs::symlink_metadata(folder)?;
    #[allow(unsafe_code)]
    // SAFETY: the call has no preconditions and cannot fail.
    let own = unsafe { libc::geteuid() };
    let refused = |why: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    if !metadata.is_dir() {
        refused("is not a directory")
    } else if metadata.uid() != own {
        refused("belongs to another user")
    } else if metadata.mode() & 0o022 != 0 {
        refused("can be written by others")
    } else {
        Ok(())
    }
}

#[cfg(not(unix))]
fn prepare(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry { code: b"code".to_vec(), imports: Vec::new() }
    }

    #[test]
    fn a_damaged_file_is_ignored_and_can_be_rewritten() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BytecodeCache::open(folder.path()).unwrap();
        let key = cache.key("module", "a", "source");
        assert!(cache.get(&key).is_none());
        cache.put(&key, &entry());
        let path = cache.path(&key);
        let whole = fs::read(&path).unwrap();
        for damage in [&whole[..whole.len() - 1], &whole[..3], b""] {
            fs::write(&path, damage).unwrap();
            assert!(cache.get(&key).is_none());
        }
        cache.put(&key, &entry());
        assert_eq!(cache.get(&key).unwrap().code, b"code");
    }

    #[test]
    fn name_source_and_kind_make_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BytecodeCache::open(folder.path()).unwrap();
        let keys = [("m", "a", "bc"), ("m", "ab", "c"), ("m", "a", "b"), ("s", "a", "bc")]
            .map(|(kind, name, source)| cache.key(kind, name, source).0);
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_others_can_write_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(BytecodeCache::open(folder.path()).is_none());
        assert!(BytecodeCache::open(&folder.path().join("new")).is_some());
    }
}
