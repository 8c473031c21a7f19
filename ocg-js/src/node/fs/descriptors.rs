use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::arguments::{Octets, Text};
use super::super::throw::{Blob, Cause, SystemError};
use super::disk::{Disk, Outcome};

/// Numbers below belong to the process, not to plugins.
const FIRST: i32 = 10;
const LIMIT: usize = 4096;

/// The files that a plugin holds open, by numbers of our own: a plugin must not reach the
/// descriptors of the gateway by guessing.
#[derive(Default)]
pub(super) struct OpenFiles(Mutex<HashMap<i32, Arc<File>>>);

impl OpenFiles {
    fn add(&self, file: File) -> io::Result<i32> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if files.len() >= LIMIT {
            return Err(io::Error::from_raw_os_error(libc::EMFILE));
        }
        let number = (FIRST..).find(|number| !files.contains_key(number)).unwrap_or(FIRST);
        files.insert(number, Arc::new(file));
        Ok(number)
    }

    /// Runs one system call on an open file.
    pub(super) fn with<T>(
        &self,
        syscall: &'static str,
        number: i32,
        work: impl FnOnce(&File) -> io::Result<T>,
    ) -> Outcome<T> {
        let file = {
            let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            files.get(&number).cloned()
        };
        let outcome = match file {
            Some(file) => work(&file),
            None => Err(io::Error::from_raw_os_error(libc::EBADF)),
        };
        outcome.map_err(|error| {
            Box::new(SystemError { cause: Cause::Io(error), syscall, path: None, dest: None })
        })
    }

    fn remove(&self, number: i32) -> Option<Arc<File>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&number)
    }
}

/// Options for the flags of open(2). A link at the end is never followed: the permit has
/// followed it already, so one there now was put in its place afterwards.
pub(super) fn options(flags: i32) -> OpenOptions {
    let access = flags & libc::O_ACCMODE;
    let mut options = OpenOptions::new();
    options
        .read(access != libc::O_WRONLY)
        .write(access != libc::O_RDONLY && flags & libc::O_APPEND == 0)
        .append(flags & libc::O_APPEND != 0)
        .custom_flags(libc::O_NOFOLLOW | (flags & (libc::O_DIRECTORY | libc::O_SYNC)));
    if access != libc::O_RDONLY {
        let create = flags & libc::O_CREAT != 0;
        options
            .truncate(flags & libc::O_TRUNC != 0)
            .create(create && flags & libc::O_EXCL == 0)
            .create_new(create && flags & libc::O_EXCL != 0);
    }
    options
}

pub(super) fn open(disk: &Disk, (path, flags, mode): (Text, i32, u32)) -> Outcome<i32> {
    let work = |real: &std::path::Path| {
        let opened = options(flags).mode(mode).open(real)?;
        disk.open.add(opened)
    };
    if flags & libc::O_ACCMODE == libc::O_RDONLY {
        disk.reading("open", &path.0, work)
    } else {
        disk.writing("open", &path.0, work)
    }
}

pub(super) fn close(disk: &Disk, (number,): (i32,)) -> Outcome<()> {
    disk.open.with("close", number, |_| Ok(()))?;
    disk.open.remove(number);
    Ok(())
}

/// Reads at a position, or where the last read ended when that is negative.
pub(super) fn read(disk: &Disk, (number, length, position): (i32, f64, f64)) -> Outcome<Blob> {
    disk.open.with("read", number, |mut file| {
        let mut bytes = vec![0; length.clamp(0.0, disk.memory_limit as f64) as usize];
        let count = if position < 0.0 {
            file.read(&mut bytes)?
        } else {
            file.read_at(&mut bytes, position as u64)?
        };
        bytes.truncate(count);
        Ok(Blob(bytes))
    })
}

/// Writes everything at a position, or where the last write ended when that is negative.
pub(super) fn write(disk: &Disk, (number, data, position): (i32, Octets, f64)) -> Outcome<usize> {
    disk.open.with("write", number, |mut file| {
        if position < 0.0 {
            file.write_all(&data.0)?;
        } else {
            file.write_all_at(&data.0, position as u64)?;
        }
        Ok(data.0.len())
    })
}

pub(super) fn sync(disk: &Disk, (number,): (i32,)) -> Outcome<()> {
    disk.open.with("fsync", number, File::sync_all)
}

pub(super) fn truncate(disk: &Disk, (number, length): (i32, f64)) -> Outcome<()> {
    disk.open.with("ftruncate", number, |file| file.set_len(length as u64))
}
