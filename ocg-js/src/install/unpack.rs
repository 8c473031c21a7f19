//! Unpacks a package's tarball. The archive is not trusted: only regular files and folders
//! inside the package's own folder come out of it, and no more than a sane amount.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use flate2::read::GzDecoder;
use tar::{Archive, Entry, EntryType};

use super::InstallError;

/// What an archive may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Unpacked bytes of all files.
    pub(super) bytes: u64,
    /// Files and folders.
    pub(super) entries: usize,
    /// Unpacked bytes per byte of the archive, once there are more than [`FREE_BYTES`].
    pub(super) ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 30, entries: 100_000, ratio: 250 }
    }
}

/// Small archives may compress as well as they like.
const FREE_BYTES: u64 = 32 << 20;

/// What the description of one entry may take; the decoder holds it in memory.
const HEADER_BYTES: u64 = 1 << 20;

/// Unpacks `archive` into `into`, without the first component of each path, and gives the paths
/// of the links that were left out.
///
/// # Errors
/// When the archive is damaged, unsafe or too large, or the disk refuses; some files may then be
/// in `into` already.
pub(super) fn unpack_only(
    archive: &Path,
    into: &Path,
    package: &str,
    limits: Limits,
    keep: &dyn Fn(&Path) -> bool,
) -> Result<Vec<String>, InstallError> {
    let file = File::open(archive).map_err(|e| InstallError::disk("read", archive, e))?;
    let packed = file.metadata().map_err(|e| InstallError::disk("read", archive, e))?.len();
    let most = limits.bytes.min((packed * limits.ratio).max(FREE_BYTES));
    fs::create_dir_all(into).map_err(|e| InstallError::disk("create", into, e))?;
    let allowance = Rc::new(Cell::new(0));
    let reader =
        Metered { inner: GzDecoder::new(BufReader::new(file)), allowance: Rc::clone(&allowance) };
    let mut unpacking = Unpacking { into, package, keep, links: Vec::new() };
    let mut archive = Archive::new(reader);
    let mut entries = archive.entries().map_err(|e| unpacking.damaged(e))?;
    let (mut count, mut bytes) = (0, 0);
    loop {
        allowance.set(HEADER_BYTES);
        let Some(entry) = entries.next() else { break };
        let mut entry = entry.map_err(|e| unpacking.damaged(e))?;
        count += 1;
        bytes += entry.size();
        if count > limits.entries {
            return Err(unpacking.too_large(format!("more than {} files", limits.entries)));
        }
        if bytes > most {
            return Err(unpacking.too_large(format!(
                "more than {} MiB of files from {} KiB, as only a decompression bomb has",
                most >> 20,
                packed.div_ceil(1024)
            )));
        }
        allowance.set(entry.size() + HEADER_BYTES);
        unpacking.entry(&mut entry)?;
        // What was not needed is read here, within the allowance for it.
        io::copy(&mut entry, &mut io::sink()).map_err(|e| unpacking.damaged(e))?;
    }
    // The checksum comes after the last entry.
    allowance.set(HEADER_BYTES);
    let mut reader = archive.into_inner();
    io::copy(&mut reader, &mut io::sink()).map_err(|e| unpacking.damaged(e))?;
    Ok(unpacking.links)
}

struct Unpacking<'a> {
    into: &'a Path,
    package: &'a str,
    keep: &'a dyn Fn(&Path) -> bool,
    links: Vec<String>,
}

impl Unpacking<'_> {
    fn entry<R: Read>(&mut self, entry: &mut Entry<'_, R>) -> Result<(), InstallError> {
        let raw = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let refuse = |reason| InstallError::UnsafeArchive {
            package: self.package.to_owned(),
            path: raw.clone(),
            reason,
        };
        let relative = inner_path(&raw).map_err(refuse)?;
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous if !raw.ends_with('/') => {
                match relative {
                    Some(relative) if (self.keep)(&relative) => self.file(entry, &relative),
                    // A file beside the package's folder; npm ignores it, too.
                    _ => Ok(()),
                }
            }
            // Old archives mark a folder by its name alone.
            EntryType::Directory | EntryType::Regular => {
                if relative.as_ref().is_some_and(|relative| !(self.keep)(relative)) {
                    return Ok(());
                }
                let path = self.into.join(relative.unwrap_or_default());
                fs::create_dir_all(&path).map_err(|e| InstallError::disk("create", &path, e))
            }
            EntryType::Symlink | EntryType::Link => {
                let target = entry.link_name_bytes().unwrap_or_default();
                let hard = entry.header().entry_type() == EntryType::Link;
                if leaves(&raw, &String::from_utf8_lossy(&target), hard) {
                    return Err(refuse("is a link that leaves the package"));
                }
                self.links.push(raw);
                Ok(())
            }
            EntryType::XGlobalHeader => Ok(()),
            _ => Err(refuse("is neither a file nor a folder")),
        }
    }

    fn file<R: Read>(&self, entry: &mut Entry<'_, R>, relative: &Path) -> Result<(), InstallError> {
        let path = self.into.join(relative);
        let disk = |action, e| InstallError::disk(action, &path, e);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| disk("create", e))?;
        }
        let mut file = File::create(&path).map_err(|e| disk("write", e))?;
        let mut buffer = [0; 64 << 10];
        loop {
            let read = entry.read(&mut buffer).map_err(|e| self.damaged(e))?;
            if read == 0 {
                break;
            }
            io::Write::write_all(&mut file, &buffer[..read]).map_err(|e| disk("write", e))?;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let executable = entry.header().mode().unwrap_or(0) & 0o111 != 0;
            let mode = if executable { 0o755 } else { 0o644 };
            file.set_permissions(fs::Permissions::from_mode(mode))
                .map_err(|e| disk("set the mode of", e))?;
        }
        Ok(())
    }

    fn damaged(&self, source: io::Error) -> InstallError {
        if source.get_ref().is_some_and(|error| error.is::<OverAllowance>()) {
            return self.too_large("an entry with more than 1 MiB of description".to_owned());
        }
        InstallError::BadArchive { package: self.package.to_owned(), source }
    }

    fn too_large(&self, what: String) -> InstallError {
        InstallError::TooLarge { package: self.package.to_owned(), what }
    }
}

/// The path inside the package; `None` for what lies beside its folder.
fn inner_path(raw: &str) -> Result<Option<PathBuf>, &'static str> {
    if raw.contains('\0') || raw.contains('\\') {
        return Err("has characters that no path should have");
    }
    let mut inner = PathBuf::new();
    let mut depth = 0;
    for component in Path::new(raw).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => {
                if depth > 0 {
                    inner.push(name);
                }
                depth += 1;
            }
            Component::ParentDir => return Err("leads out of the package"),
            Component::RootDir | Component::Prefix(_) => return Err("is an absolute path"),
        }
    }
    Ok((depth > 1).then_some(inner))
}

/// Whether a link at `raw` to `target` leads out of the archive's first folder. The target of a
/// hard link counts from the archive's root, that of a symbolic one from the link's own folder.
fn leaves(raw: &str, target: &str, hard: bool) -> bool {
    let from = if hard { None } else { Path::new(raw).parent() };
    let mut depth: usize = 0;
    let steps = from.into_iter().flat_map(Path::components).chain(Path::new(target).components());
    for step in steps {
        match step {
            Component::CurDir => {}
            Component::Normal(_) => depth += 1,
            Component::ParentDir if depth > 1 => depth -= 1,
            _ => return true,
        }
    }
    false
}

/// Reads no more than it is allowed to: the decoder keeps descriptions of entries in memory and
/// trusts their length.
struct Metered<R> {
    inner: R,
    allowance: Rc<Cell<u64>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the archive has more than was announced")]
struct OverAllowance;

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.allowance.get().checked_sub(read as u64) {
            Some(left) => self.allowance.set(left),
            None => return Err(io::Error::other(OverAllowance)),
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_component_is_dropped() {
        assert_eq!(inner_path("package/lib/a.js"), Ok(Some("lib/a.js".into())));
        assert_eq!(inner_path("./other/a.js"), Ok(Some("a.js".into())));
        assert_eq!(inner_path("stray"), Ok(None));
        assert!(inner_path("package/../../x").is_err());
        assert!(inner_path("/etc/passwd").is_err());
    }

    #[test]
    fn links_stay_or_leave() {
        assert!(!leaves("package/bin/x", "../lib/x.js", false));
        assert!(leaves("package/x", "../x", false));
        assert!(leaves("package/x", "/etc/passwd", false));
        assert!(!leaves("package/a/x", "package/b", true));
        assert!(leaves("package/a/x", "../b", true));
    }

    proptest! {
        #[test]
        fn no_path_leaves(raw in "[a./\\\\]{0,16}") {
            if let Ok(Some(inner)) = inner_path(&raw) {
                prop_assert!(inner.components().all(|c| matches!(c, Component::Normal(_))));
            }
        }
    }
}
