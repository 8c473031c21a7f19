//! The report on one plugin.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::support::{SdkTable, Support};
use super::walk::{SourceFile, reachable};
use crate::install::InstalledPlugin;

const SDK: &str = "openclaw/plugin-sdk/";

/// What a plugin's own code imports of the SDK and of Node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginReport {
    /// Package name.
    pub package: String,
    /// Package version.
    pub version: String,
    /// Names of the SDK.
    pub sdk: Vec<NameUse>,
    /// Modules of Node.
    pub node: Vec<ModuleUse>,
}

/// One name of the SDK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameUse {
    /// The module below `openclaw/plugin-sdk/`.
    pub subpath: String,
    /// The name.
    pub name: String,
    /// Whether OCG has it.
    pub support: Support,
    /// Files that import it, relative to the package.
    pub files: Vec<PathBuf>,
}

/// One module of Node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModuleUse {
    /// Its name, without `node:`.
    pub module: String,
    /// Whether OCG has it.
    pub provided: bool,
    /// Names imported from it; none where only the whole module is.
    pub names: Vec<String>,
}

impl PluginReport {
    /// Reads the plugin's code. Nothing of it runs.
    pub fn of(plugin: &InstalledPlugin) -> Self {
        let files = reachable(&plugin.root, &plugin.manifest.entry);
        Self {
            package: plugin.package.clone(),
            version: plugin.version.clone(),
            sdk: sdk_uses(&files),
            node: node_uses(&files),
        }
    }

    /// Names of the SDK that would throw when called.
    pub fn missing(&self) -> impl Iterator<Item = &NameUse> {
        self.sdk.iter().filter(|name| name.support == Support::Missing)
    }
}

fn sdk_uses(files: &[SourceFile]) -> Vec<NameUse> {
    let table = SdkTable::embedded();
    let mut uses: BTreeMap<(&str, &str), Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        for import in &file.imports {
            let Some(subpath) = import.specifier.strip_prefix(SDK) else { continue };
            for name in &import.names {
                let files = uses.entry((subpath, name.as_str())).or_default();
                if files.last() != Some(&file.path) {
                    files.push(file.path.clone());
                }
            }
        }
    }
    uses.into_iter()
        .map(|((subpath, name), files)| NameUse {
            subpath: subpath.to_owned(),
            name: name.to_owned(),
            support: table.support(subpath, name),
            files,
        })
        .collect()
}

fn node_uses(files: &[SourceFile]) -> Vec<ModuleUse> {
    let mut uses: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for import in files.iter().flat_map(|file| &file.imports) {
        let Some(module) = import.specifier.strip_prefix("node:") else { continue };
        let names = uses.entry(module).or_default();
        names.extend(import.names.iter().filter(|name| *name != "default").cloned());
    }
    uses.into_iter()
        .map(|(module, mut names)| {
            names.sort();
            names.dedup();
            let provided = crate::loader::provides(module);
            ModuleUse { module: module.to_owned(), provided, names }
        })
        .collect()
}
