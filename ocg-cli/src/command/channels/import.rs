//! `ocg channels import`

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::cli::Global;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{self, count};

/// Copies the plugins' own files: one folder per channel, and its lists of approved senders.
/// Nothing that is there already is touched.
pub fn run(global: &Global, channel: Option<&str>, from: Option<PathBuf>) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let from = match from {
        Some(from) => from,
        None => std::env::home_dir().unwrap_or_default().join(".openclaw"),
    };
    if !from.is_dir() {
        return Err(Failure::failed(format!("there is no folder {}", from.display()))
            .hint("--from names the folder that OpenClaw kept its state in"));
    }
    let channels = match channel {
        Some(channel) => vec![channel.to_owned()],
        None => context.channel_ids()?,
    };
    context.create_state()?;
    let to = context.state.plugin_state();
    let mut copied = Copied::default();
    for channel in &channels {
        let files = copied.files;
        copy_channel(&from, to, channel, &mut copied).map_err(|error| {
            Failure::failed(format!("cannot copy the files of channel {channel}")).because(&error)
        })?;
        if copied.files > files {
            let taken = count(copied.files - files, "file");
            output::line(format!("{channel}: {taken} taken over"))?;
        }
    }
    if copied.kept > 0 {
        let kept = count(copied.kept, "file");
        output::line(format!("{kept} kept: there already, and not written over"))?;
    }
    if copied == Copied::default() {
        return Err(Failure::failed(format!("{} holds nothing to take over", from.display()))
            .hint("install the channel's plugin first, or name it with --channel"));
    }
    Ok(output::line("`ocg start -d` starts the gateway.")?)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Copied {
    files: usize,
    kept: usize,
}

fn copy_channel(from: &Path, to: &Path, channel: &str, copied: &mut Copied) -> io::Result<()> {
    if from.join(channel).is_dir() {
        copy(&from.join(channel), &to.join(channel), copied)?;
    }
    let credentials = from.join("credentials");
    if !credentials.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(&credentials)? {
        let name = entry?.file_name();
        if name.to_string_lossy().starts_with(&format!("{channel}-")) {
            copy(&credentials.join(&name), &to.join("credentials").join(&name), copied)?;
        }
    }
    Ok(())
}

/// Copies a file or a folder; links are left out, since they may lead anywhere.
fn copy(from: &Path, to: &Path, copied: &mut Copied) -> io::Result<()> {
    let kind = fs::symlink_metadata(from)?.file_type();
    if kind.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(to)?;
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            copy(&from.join(&name), &to.join(&name), copied)?;
        }
    } else if kind.is_file() && to.exists() {
        copied.kept += 1;
    } else if kind.is_file() {
        if let Some(folder) = to.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        fs::copy(from, to)?;
        copied.files += 1;
    }
    Ok(())
}
