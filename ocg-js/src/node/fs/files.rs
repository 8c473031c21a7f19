use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

use super::super::arguments::{Octets, Text};
use super::super::throw::Blob;
use super::descriptors::options;
use super::disk::{Disk, Outcome};

pub(super) fn read(disk: &Disk, (path,): (Text,)) -> Outcome<Blob> {
    contents(disk, &path.0).map(Blob)
}

/// The usual `readFile(path, "utf8")` without a buffer in between.
pub(super) fn read_text(disk: &Disk, (path,): (Text,)) -> Outcome<String> {
    Ok(match String::from_utf8(contents(disk, &path.0)?) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// The whole file, unless it is larger than JavaScript's memory.
fn contents(disk: &Disk, path: &str) -> Outcome<Vec<u8>> {
    opened(disk.reading("open", path, |real| {
        let file = fs::File::open(real)?;
        let limit = disk.memory_limit as u64;
        let length = file.metadata()?.len();
        let mut bytes = Vec::new();
        if length <= limit {
            // Files can grow meanwhile, and some do not know their length.
            (&file).take(limit + 1).read_to_end(&mut bytes)?;
        }
        if length.max(bytes.len() as u64) > limit {
            return Err(io::Error::from_raw_os_error(libc::EFBIG));
        }
        Ok(bytes)
    }))
}

/// Node opens a directory without complaint and fails when it reads: without a path.
fn opened<T>(outcome: Outcome<T>) -> Outcome<T> {
    outcome.map_err(|mut error| {
        if let super::super::throw::Cause::Io(cause) = &error.cause
            && cause.raw_os_error() == Some(libc::EISDIR)
        {
            error.syscall = "read";
            error.path = None;
        }
        error
    })
}

/// `flags` as for open(2): truncating, appending or exclusive.
pub(super) fn write(
    disk: &Disk,
    (path, data, flags, mode): (Text, Octets, i32, u32),
) -> Outcome<()> {
    disk.writing("open", &path.0, |real| {
        let mut file = options(flags & !libc::O_TRUNC).mode(mode).open(real)?;
        file.write_all(&data.0)?;
        if flags & libc::O_TRUNC != 0 { cut_after(&file, data.0.len()) } else { Ok(()) }
    })
}

/// Cuts off what an older, longer content left behind. Emptying the file before writing it would
/// make ext4 write it out at once, at ten times the cost.
fn cut_after(file: &fs::File, length: usize) -> io::Result<()> {
    let found = file.metadata()?;
    if found.is_file() && found.len() > length as u64 {
        file.set_len(length as u64)
    } else {
        Ok(())
    }
}

const COPYFILE_EXCL: u32 = 1;

pub(super) fn copy(disk: &Disk, (from, to, mode): (Text, Text, u32)) -> Outcome<()> {
    let outcome =
        disk.reading("copyfile", &from.0, |source| Ok(source.to_owned())).and_then(|source| {
            disk.writing("copyfile", &to.0, |target| {
                let mut reader = fs::File::open(&source)?;
                let permissions = reader.metadata()?.permissions().mode();
                let mut options = OpenOptions::new();
                options.write(true).mode(permissions);
                if mode & COPYFILE_EXCL != 0 {
                    options.create_new(true);
                } else {
                    options.create(true).truncate(true);
                }
                let same = fs::canonicalize(target).is_ok_and(|real| real == source);
                if same && mode & COPYFILE_EXCL == 0 {
                    return Ok(());
                }
                io::copy(&mut reader, &mut options.open(target)?).map(drop)
            })
        });
    outcome.map_err(|mut error| {
        error.path = Some(from.0);
        error.dest = Some(to.0);
        error
    })
}

pub(super) fn truncate(disk: &Disk, (path, length): (Text, f64)) -> Outcome<()> {
    disk.writing("open", &path.0, |real| {
        OpenOptions::new().write(true).open(real)?.set_len(length as u64)
    })
}
