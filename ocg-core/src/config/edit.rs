//! Changing the configuration file: one setting at a time, the rest of the text untouched.

mod plugin_changes;
#[cfg(test)]
mod properties;
mod text;

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

pub use plugin_changes::PluginChanges;

use super::load::{self, Document};
use super::{ConfigError, KeyPath};

/// Sets one setting in the file at `path`, which is created if it does not exist.
///
/// # Errors
/// When the file is malformed, when the new content would be, or when it cannot be written. The
/// file is then as it was.
pub fn set_value(path: &Path, key: &KeyPath, value: &Value) -> Result<(), ConfigError> {
    change(path, |text| text::set(text, key, value))
}

/// Removes one setting; a setting that is not there is fine.
///
/// # Errors
/// As [`set_value`].
pub fn remove_value(path: &Path, key: &KeyPath) -> Result<(), ConfigError> {
    change(path, |text| text::remove(text, key))
}

/// Applies a JSON merge patch (RFC 7396): objects are merged, `null` removes, all else replaces.
///
/// # Errors
/// As [`set_value`].
pub fn merge_patch(path: &Path, patch: &Value) -> Result<(), ConfigError> {
    change(path, |text| text::merge(text, patch))
}

/// Writes what a plugin changed below `channels`: the differences between `old`, the view it was
/// given (see [`super::Config::plugin_view`]), and `new`. References to secrets stay references;
/// where a plugin wants another value in the place of one, or wants it gone, it is kept and the
/// result says so.
///
/// # Errors
/// As [`set_value`].
pub fn apply_plugin_config(
    path: &Path,
    old: &Value,
    new: &Value,
) -> Result<PluginChanges, ConfigError> {
    let mut changes = PluginChanges::default();
    change(path, |text| {
        let raw = match text {
            "" => Value::Null,
            text => Document::parse(path.to_owned(), text.to_owned())?.raw,
        };
        changes = PluginChanges::between(old, new, &raw);
        changes.apply(text)
    })?;
    Ok(changes)
}

fn change(
    path: &Path,
    edit: impl FnOnce(&str) -> Result<String, ConfigError>,
) -> Result<(), ConfigError> {
    // A link to the file stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let unwritable = |source| ConfigError::Unwritable { path: path.clone(), source };
    let _guard = lock(&path).map_err(unwritable)?;
    let old = match load::read_text(&path) {
        Ok(text) => text,
        Err(ConfigError::Unreadable { source, .. }) if source.kind() == ErrorKind::NotFound => {
            String::new()
        }
        Err(error) => return Err(error),
    };
    if !old.trim().is_empty() {
        Document::parse(path.clone(), old.clone())?;
    }
    let new = edit(&old)?;
    if new == old {
        return Ok(());
    }
    Document::parse(path.clone(), new.clone())?;
    write(&path, &new).map_err(unwritable)
}

/// Edits read, change and write: two at the same time would lose one, be it within this process
/// (a plugin) or beside it (a command). The folder is locked, since the file is replaced.
fn lock(path: &Path) -> std::io::Result<File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let folder = File::open(folder)?;
    folder.lock()?;
    Ok(folder)
}

/// Writes the whole file or nothing: a temporary file beside it takes its place.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = PathBuf::from(name);
    let written = (|| {
        // What a crash may have left.
        let _ = fs::remove_file(&temporary);
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    if written.is_err() {
        // Already failing; a leftover temporary file is the lesser problem.
        let _ = fs::remove_file(&temporary);
    }
    written
}
