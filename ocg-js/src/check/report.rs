//! The report on one plugin.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::support::{SdkTable, Support};
use super::walk::{SourceFile, reachable};
use crate::install::InstalledPlugin;
use crate::loader;
use crate::node_api::{self, Kind, Status};

const SDK: &str = "openclaw/plugin-sdk";

/// What a plugin's own code imports of the SDK and of Node. A name that is looked up at run time,
/// on a namespace or what `import()` gave, is not in it: a plugin does that where it can do without.
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
    /// The module below `openclaw/plugin-sdk/`; `index` is that module itself.
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
    /// How much of it works. Of one that is absent, calls throw.
    pub status: Status,
    /// Whether it is only asked for by an `import()`, when the code comes to it.
    pub lazy: bool,
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
        self.names(Support::Missing)
    }

    /// Names of the SDK with this support.
    pub fn names(&self, support: Support) -> impl Iterator<Item = &NameUse> {
        self.sdk.iter().filter(move |name| name.support == support)
    }

    /// Modules of Node that work so far.
    pub fn modules(&self, status: Status) -> impl Iterator<Item = &ModuleUse> {
        self.node.iter().filter(move |module| module.status == status)
    }

    /// Whether the plugin loads and every name of the SDK is there. Modules of Node that are absent
    /// load, too, unless Node itself has none of that name; what uses them says what it cannot do.
    pub fn is_complete(&self) -> bool {
        let loads = |module: &ModuleUse| module.lazy || loader::provides(&module.module);
        self.missing().next().is_none() && self.node.iter().all(loads)
    }
}

fn sdk_uses(files: &[SourceFile]) -> Vec<NameUse> {
    let table = SdkTable::embedded();
    let mut uses: BTreeMap<(&str, &str), Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        for import in &file.imports {
            let Some(subpath) = subpath(&import.specifier) else { continue };
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

/// The module of the SDK that a specifier names.
fn subpath(specifier: &str) -> Option<&str> {
    match specifier.strip_prefix(SDK)? {
        "" => Some("index"),
        below => below.strip_prefix('/'),
    }
}

fn node_uses(files: &[SourceFile]) -> Vec<ModuleUse> {
    let known: BTreeMap<String, Status> = node_api::entries()
        .into_iter()
        .filter(|entry| entry.kind == Kind::Module)
        .map(|entry| (entry.name, entry.status))
        .collect();
    // This one exists only with the prefix.
    let is_builtin = |name: &str| known.contains_key(name) && name != "sqlite";
    let mut uses: BTreeMap<&str, ModuleUse> = BTreeMap::new();
    for import in files.iter().flat_map(|file| &file.imports) {
        let specifier = import.specifier.as_str();
        let Some(module) =
            specifier.strip_prefix("node:").or_else(|| is_builtin(specifier).then_some(specifier))
        else {
            continue;
        };
        let entry = uses.entry(module).or_insert_with(|| ModuleUse {
            module: module.to_owned(),
            status: known.get(module).copied().unwrap_or(Status::Absent),
            lazy: true,
            names: Vec::new(),
        });
        entry.lazy &= import.dynamic;
        entry.names.extend(import.names.iter().filter(|name| *name != "default").cloned());
    }
    let mut uses: Vec<ModuleUse> = uses.into_values().collect();
    for module in &mut uses {
        module.names.sort();
        module.names.dedup();
    }
    uses
}
