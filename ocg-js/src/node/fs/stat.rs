use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::UNIX_EPOCH;

use super::super::arguments::Text;
use super::super::throw::Cause;
use super::disk::{Disk, Outcome};

/// dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, then seconds and nanoseconds of
/// access, change of content, change of entry, birth.
type Fields = Vec<f64>;

pub(super) fn of_target(disk: &Disk, (path,): (Text,)) -> Outcome<Fields> {
    disk.reading("stat", &path.0, |real| fs::metadata(real).map(|found| fields(&found)))
}

pub(super) fn of_entry(disk: &Disk, (path,): (Text,)) -> Outcome<Fields> {
    disk.reading_entry("lstat", &path.0, |real| {
        fs::symlink_metadata(real).map(|found| fields(&found))
    })
}

pub(super) fn of_descriptor(disk: &Disk, (number,): (i32,)) -> Outcome<Fields> {
    disk.open.with("fstat", number, |file: &File| file.metadata().map(|found| fields(&found)))
}

fn fields(found: &Metadata) -> Fields {
    let birth = found.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let (birth, birth_nanos) = match birth {
        Some(birth) => (birth.as_secs() as f64, f64::from(birth.subsec_nanos())),
        None => (found.ctime() as f64, found.ctime_nsec() as f64),
    };
    vec![
        found.dev() as f64,
        f64::from(found.mode()),
        found.nlink() as f64,
        f64::from(found.uid()),
        f64::from(found.gid()),
        found.rdev() as f64,
        found.blksize() as f64,
        found.ino() as f64,
        found.size() as f64,
        found.blocks() as f64,
        found.atime() as f64,
        found.atime_nsec() as f64,
        found.mtime() as f64,
        found.mtime_nsec() as f64,
        found.ctime() as f64,
        found.ctime_nsec() as f64,
        birth,
        birth_nanos,
    ]
}

const W_OK: u32 = 2;

/// What a plugin may not reach does not exist as far as it can tell.
pub(super) fn access(disk: &Disk, (path, mode): (Text, u32)) -> Outcome<()> {
    let check = |real: &std::path::Path| {
        let name = std::ffi::CString::new(real.as_os_str().as_encoded_bytes())?;
        // SAFETY: the name is a NUL-terminated string that lives through the call.
        #[allow(unsafe_code)]
        let answer = unsafe { libc::access(name.as_ptr(), mode as i32) };
        if answer == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    let outcome = if mode & W_OK == 0 {
        disk.reading("access", &path.0, check)
    } else {
        disk.writing("access", &path.0, check)
    };
    outcome.map_err(|mut error| {
        if matches!(error.cause, Cause::Denied(_)) {
            error.cause = io::Error::from_raw_os_error(libc::ENOENT).into();
        }
        error
    })
}
