//! The files of a plugin's own code, followed from its entry.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::loader::{ImportRecord, as_javascript, imports};
use crate::manifest::PluginManifest;

/// Which of `packages` the plugin in folder `root` imports or requires, or may: a package counts
/// as soon as its name, or a path in it, is a string of a file that the plugin's entries reach.
pub(crate) fn mentioned<'a>(
    root: &Path,
    manifest: &PluginManifest,
    packages: impl IntoIterator<Item = &'a str>,
) -> BTreeSet<&'a str> {
    let entries = std::iter::once(&manifest.entry).chain(&manifest.setup_entry);
    let paths: BTreeSet<PathBuf> =
        entries.flat_map(|entry| reachable(root, entry)).map(|file| root.join(file.path)).collect();
    let texts: Vec<String> =
        paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let names = |package: &str| {
        let mut forms = ['"', '\'', '`']
            .into_iter()
            .flat_map(|quote| [format!("{quote}{package}{quote}"), format!("{quote}{package}/")]);
        forms.any(|form| texts.iter().any(|text| text.contains(&form)))
    };
    packages.into_iter().filter(|package| names(package)).collect()
}

/// One file and what it imports.
pub(super) struct SourceFile {
    /// Relative to the package.
    pub(super) path: PathBuf,
    pub(super) imports: Vec<ImportRecord>,
}

/// Every file that `entry` reaches through relative imports, `entry` first, or names for the SDK to
/// load (plugin contract §4.1). Files that cannot be read are left out: loading the plugin says so
/// better.
pub(super) fn reachable(package: &Path, entry: &Path) -> Vec<SourceFile> {
    let mut seen = BTreeSet::from([entry.to_owned()]);
    let mut open = vec![entry.to_owned()];
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        let Ok(source) = fs::read_to_string(&path) else { continue };
        let Ok(script) = as_javascript(&path.to_string_lossy(), &source) else { continue };
        let imports = imports(&script);
        let folder = path.parent().unwrap_or(package);
        let imported = imports.iter().map(|import| import.specifier.as_str());
        let relative =
            imported.chain(left_to_the_sdk(&script)).filter(|name| name.starts_with('.'));
        for next in relative.filter_map(|specifier| local_file(&folder.join(specifier))) {
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
        let path = path.strip_prefix(package).unwrap_or(&path).to_owned();
        files.push(SourceFile { path, imports });
    }
    files
}

/// What the entries of plugins that come with OpenClaw give to `defineBundledChannelEntry` and
/// `loadBundledEntryExportSync`: `{ specifier: "./api.js", exportName: "plugin" }`.
fn left_to_the_sdk(script: &str) -> impl Iterator<Item = &str> {
    script.split("specifier:").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split_once(quote).map(|(specifier, _)| specifier)
    })
}

fn local_file(path: &Path) -> Option<PathBuf> {
    let name = path.to_string_lossy();
    // TypeScript names the file that it would have been compiled to.
    let written = name.strip_suffix(".js").map(|stem| PathBuf::from(format!("{stem}.ts")));
    ["", ".js", ".mjs", ".cjs", ".ts", ".mts", "/index.js", "/index.ts"]
        .iter()
        .map(|ending| PathBuf::from(format!("{name}{ending}")))
        .chain(written)
        .find_map(|candidate| candidate.is_file().then(|| candidate.canonicalize().ok())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(files: &[(&str, &str)]) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let root = root.path().canonicalize().unwrap();
        let mut reached: Vec<String> = reachable(&root, &root.join(files[0].0))
            .into_iter()
            .map(|file| file.path.display().to_string())
            .collect();
        reached.sort();
        reached
    }

    #[test]
    fn imports_are_followed_as_they_are_written() {
        let files = [
            ("index.ts", "import './a.js'; export * from './b'; const c = () => import('./c');"),
            ("a.ts", "import type { X } from './types.js';"),
            ("b/index.ts", ""),
            ("c.mjs", ""),
            ("types.ts", ""),
            ("alone.ts", ""),
        ];
        assert_eq!(reached(&files), ["a.ts", "b/index.ts", "c.mjs", "index.ts"]);
    }

    #[test]
    fn so_is_what_an_entry_leaves_to_the_sdk() {
        let files = [
            ("index.js", "define({ plugin: { specifier: \"./plugin.js\", exportName: \"p\" } });"),
            ("plugin.js", "import './deep.js';"),
            ("deep.js", ""),
        ];
        assert_eq!(reached(&files), ["deep.js", "index.js", "plugin.js"]);
    }
}
