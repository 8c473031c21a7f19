use std::fs::{self, DirBuilder, FileType};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt};
use std::path::{Path, PathBuf};

use rand::Rng;
use rand::distr::Alphanumeric;
use rquickjs::convert::List;

use super::super::arguments::Text;
use super::disk::{Disk, Outcome};

/// Returns the first directory that had to be made, when it makes several.
pub(super) fn make(
    disk: &Disk,
    (path, recursive, mode): (Text, bool, u32),
) -> Outcome<Option<String>> {
    disk.writing("mkdir", &path.0, |real| {
        let mut builder = DirBuilder::new();
        builder.mode(mode);
        if !recursive {
            return builder.create(real).map(|()| None);
        }
        let first = real.ancestors().take_while(|above| !above.exists()).last().map(Path::to_owned);
        if first.is_none() && !real.is_dir() {
            return Err(io::Error::from_raw_os_error(libc::EEXIST));
        }
        builder.recursive(true).create(real)?;
        Ok(first.map(|made| made.to_string_lossy().into_owned()))
    })
}

pub(super) fn make_temp(disk: &Disk, (prefix,): (Text,)) -> Outcome<String> {
    loop {
        let tail: String = rand::rng().sample_iter(Alphanumeric).take(6).map(char::from).collect();
        let path = format!("{}{tail}", prefix.0);
        let made = disk.writing("mkdtemp", &path, |real| {
            match DirBuilder::new().mode(0o700).create(real) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
                outcome => outcome.map(|()| true),
            }
        });
        match made {
            Ok(true) => return Ok(path),
            Ok(false) => {}
            Err(mut error) => {
                error.path = Some(format!("{}XXXXXX", prefix.0));
                return Err(error);
            }
        }
    }
}

/// Two lists: names, relative to the directory, and what they are, by the numbers of `uv_dirent_type_t`.
pub(super) fn list(
    disk: &Disk,
    (path, recursive): (Text, bool),
) -> Outcome<List<(Vec<String>, Vec<u8>)>> {
    disk.reading("scandir", &path.0, |real| {
        let mut found = Vec::new();
        collect(real, &PathBuf::new(), recursive, &mut found)?;
        found.sort();
        let named = found.into_iter();
        Ok(List(named.map(|(name, kind)| (name.to_string_lossy().into_owned(), kind)).unzip()))
    })
}

fn collect(
    directory: &Path,
    relative: &Path,
    recursive: bool,
    found: &mut Vec<(PathBuf, u8)>,
) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = relative.join(entry.file_name());
        if recursive && kind.is_dir() {
            collect(&entry.path(), &name, true, found)?;
        }
        found.push((name, number(kind)));
    }
    Ok(())
}

fn number(kind: FileType) -> u8 {
    if kind.is_file() {
        1
    } else if kind.is_dir() {
        2
    } else if kind.is_symlink() {
        3
    } else if kind.is_fifo() {
        4
    } else if kind.is_socket() {
        5
    } else if kind.is_char_device() {
        6
    } else if kind.is_block_device() {
        7
    } else {
        0
    }
}

pub(super) fn remove_empty(disk: &Disk, (path,): (Text,)) -> Outcome<()> {
    disk.writing_entry("rmdir", &path.0, |real| fs::remove_dir(real))
}
