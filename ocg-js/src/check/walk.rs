//! The files of a plugin's own code, followed from its entry.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::loader::{ImportRecord, as_javascript, imports};

/// One file and what it imports.
pub(super) struct SourceFile {
    /// Relative to the package.
    pub(super) path: PathBuf,
    pub(super) imports: Vec<ImportRecord>,
}

/// Every file that `entry` reaches through relative imports, `entry` first. Files that cannot be
/// read are left out: loading the plugin says so better.
pub(super) fn reachable(package: &Path, entry: &Path) -> Vec<SourceFile> {
    let mut seen = BTreeSet::from([entry.to_owned()]);
    let mut open = vec![entry.to_owned()];
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        let Ok(source) = fs::read_to_string(&path) else { continue };
        let Ok(script) = as_javascript(&path.to_string_lossy(), &source) else { continue };
        let imports = imports(&script);
        let folder = path.parent().unwrap_or(package);
        let relative = imports.iter().filter(|import| import.specifier.starts_with('.'));
        for next in relative.filter_map(|import| local_file(&folder.join(&import.specifier))) {
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
        let path = path.strip_prefix(package).unwrap_or(&path).to_owned();
        files.push(SourceFile { path, imports });
    }
    files
}

fn local_file(path: &Path) -> Option<PathBuf> {
    let name = path.to_string_lossy();
    // TypeScript names the file that it would have been compiled to.
    let written = name.strip_suffix(".js").map(|stem| PathBuf::from(format!("{stem}.ts")));
    ["", ".js", ".mjs", ".cjs", "/index.js"]
        .iter()
        .map(|ending| PathBuf::from(format!("{name}{ending}")))
        .chain(written)
        .find_map(|candidate| candidate.is_file().then(|| candidate.canonicalize().ok())?)
}
