//! Other file systems under a home, seen by the commands of that home alone.
//!
//! Each command runs in a mount namespace of its own (`unshare` of util-linux), which needs neither
//! root nor cleaning up where the system lets users have namespaces.

use std::path::{Path, PathBuf};

/// What is mounted over a path before a command starts.
#[derive(Debug, Clone)]
pub enum Mount {
    /// The path cannot be written, not even by root.
    ReadOnly(PathBuf),
    /// The folder, with what is in it, lies on a disk of so many MiB.
    Disk(PathBuf, usize),
}

impl Mount {
    /// Shell commands that mount it.
    pub(super) fn script(&self) -> String {
        match self {
            Self::ReadOnly(path) => {
                let path = quoted(path);
                format!("mount --bind {path} {path} && mount -o remount,bind,ro {path}")
            }
            Self::Disk(path, size) => {
                let path = quoted(path);
                format!(
                    "mkdir -p {path}.disk && mount -t tmpfs -o size={size}m,mode=700 disk {path}.disk \
                     && cp -a {path}/. {path}.disk/ && mount --bind {path}.disk {path}"
                )
            }
        }
    }
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display())
}
