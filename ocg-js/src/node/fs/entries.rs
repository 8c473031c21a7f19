use std::fs::{self, File, FileTimes, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::super::arguments::Text;
use super::disk::{Disk, Outcome};

pub(super) fn unlink(disk: &Disk, (path,): (Text,)) -> Outcome<()> {
    disk.writing_entry("unlink", &path.0, |real| fs::remove_file(real))
}

pub(super) fn remove(disk: &Disk, (path, recursive, force): (Text, bool, bool)) -> Outcome<()> {
    // Node looks at the entry first, and its errors say so.
    let kind = disk.writing_entry("lstat", &path.0, |real| match fs::symlink_metadata(real) {
        Err(error) if force && error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found.map(|found| Some(found.is_dir())),
    })?;
    match kind {
        None => Ok(()),
        Some(false) => disk.writing_entry("rm", &path.0, |real| fs::remove_file(real)),
        Some(true) if recursive => {
            disk.writing_entry("rm", &path.0, |real| fs::remove_dir_all(real))
        }
        Some(true) => {
            disk.writing_entry("rm", &path.0, |_| Err(io::Error::from_raw_os_error(libc::EISDIR)))
        }
    }
}

pub(super) fn rename(disk: &Disk, (from, to): (Text, Text)) -> Outcome<()> {
    pair(disk, "rename", from, to, |from, to| fs::rename(from, to))
}

/// Both ends must be writable: a second name for a foreign file would open it to the plugin.
pub(super) fn link(disk: &Disk, (from, to): (Text, Text)) -> Outcome<()> {
    pair(disk, "link", from, to, |from, to| fs::hard_link(from, to))
}

fn pair(
    disk: &Disk,
    syscall: &'static str,
    from: Text,
    to: Text,
    work: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> Outcome<()> {
    let outcome = disk
        .writing_entry(syscall, &from.0, |real| Ok(real.to_owned()))
        .and_then(|source| disk.writing_entry(syscall, &to.0, |target| work(&source, target)));
    outcome.map_err(|mut error| {
        error.path = Some(from.0);
        error.dest = Some(to.0);
        error
    })
}

/// The target may be anything: whoever follows the link is checked then.
pub(super) fn symlink(disk: &Disk, (target, path): (Text, Text)) -> Outcome<()> {
    let outcome =
        disk.writing_entry("symlink", &path.0, |real| std::os::unix::fs::symlink(&target.0, real));
    outcome.map_err(|mut error| {
        error.path = Some(target.0);
        error.dest = Some(path.0);
        error
    })
}

pub(super) fn read_link(disk: &Disk, (path,): (Text,)) -> Outcome<String> {
    disk.reading_entry("readlink", &path.0, |real| {
        fs::read_link(real).map(|target| target.to_string_lossy().into_owned())
    })
}

pub(super) fn real_path(disk: &Disk, (path,): (Text,)) -> Outcome<String> {
    disk.reading("realpath", &path.0, |real| {
        fs::canonicalize(real).map(|real| real.to_string_lossy().into_owned())
    })
}

pub(super) fn change_mode(disk: &Disk, (path, mode): (Text, u32)) -> Outcome<()> {
    disk.writing("chmod", &path.0, |real| fs::set_permissions(real, Permissions::from_mode(mode)))
}

/// Times in seconds since 1970.
pub(super) fn change_times(
    disk: &Disk,
    (path, accessed, modified): (Text, f64, f64),
) -> Outcome<()> {
    disk.writing("utime", &path.0, |real| {
        let times = FileTimes::new().set_accessed(time(accessed)?).set_modified(time(modified)?);
        File::open(real)?.set_times(times)
    })
}

fn time(seconds: f64) -> io::Result<SystemTime> {
    let after = Duration::try_from_secs_f64(seconds);
    after.map(|after| UNIX_EPOCH + after).map_err(|_| io::ErrorKind::InvalidInput.into())
}
