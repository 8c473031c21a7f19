//! Whether a plugin uses `AsyncLocalStorage`: only then is its code rewritten to carry contexts.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

/// What every use names, however it is imported.
const MODULE: &[u8] = b"async_hooks";

/// Packages whose code is not run or whose use is their own affair: undici binds callbacks with
/// `AsyncResource` and reads no storage.
const NOT_ASKED: [&str; 2] = ["@types", "undici"];

/// The answer for the packages in `roots`, remembered in the folder of compiled code.
pub(super) struct ContextUse {
    pub(super) found: bool,
    remembered: Option<PathBuf>,
}

impl ContextUse {
    /// Looks through all sources once; later starts read the answer.
    pub(super) fn of(roots: &[PathBuf], cache: Option<&Path>) -> Self {
        let remembered = cache.map(|folder| folder.join(format!("{}.context", fingerprint(roots))));
        if let Some(answer) = remembered.as_ref().and_then(|path| fs::read(path).ok()) {
            return Self { found: answer == b"carried", remembered };
        }
        let found = roots.iter().any(|root| mentioned_in(root));
        let answer = if found { "carried" } else { "not used" };
        if let Some(error) = remembered.as_ref().and_then(|path| fs::write(path, answer).err()) {
            tracing::debug!("cannot remember whether AsyncLocalStorage is used: {error}");
        }
        Self { found, remembered }
    }

    /// The answer turned out to be wrong: the next start looks again.
    pub(super) fn forget(&self) {
        if let Some(path) = &self.remembered {
            let _ = fs::remove_file(path);
        }
    }
}

/// Installed trees do not change; for linked folders the times of their ends must do.
fn fingerprint(roots: &[PathBuf]) -> String {
    let mut hash = Sha256::new();
    for root in roots {
        for path in [root.clone(), root.join("package.json"), root.join("node_modules")] {
            hash.update(path.as_os_str().as_encoded_bytes());
            let changed = fs::metadata(&path).and_then(|metadata| metadata.modified()).ok();
            let age = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            hash.update(age.unwrap_or_default().as_nanos().to_le_bytes());
        }
    }
    hex::encode(hash.finalize())
}

fn mentioned_in(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                !NOT_ASKED.iter().any(|name| path.ends_with(name)) && mentioned_in(&path)
            }
            Ok(kind) if kind.is_file() && is_source(&path) => {
                fs::read(&path).is_ok_and(|source| memchr::memmem::find(&source, MODULE).is_some())
            }
            _ => false,
        }
    })
}

fn is_source(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("js" | "mjs" | "cjs" | "ts" | "mts" | "cts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_remembered_until_it_is_forgotten() {
        let (tree, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let package = tree.path().join("node_modules/a/dist");
        fs::create_dir_all(&package).unwrap();
        let of = || ContextUse::of(&[tree.path().to_owned()], Some(cache.path()));
        assert!(!of().found);
        fs::write(package.join("x.cjs"), "require('node:async_hooks')").unwrap();
        assert!(!of().found);
        of().forget();
        assert!(of().found);
        fs::remove_file(package.join("x.cjs")).unwrap();
        assert!(of().found);
    }
}
