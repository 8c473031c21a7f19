//! The public names of what a release declares, read out of its own plugin SDK.

use std::collections::BTreeMap;

use super::CarveError;
use super::release::{Definition, Release};
use crate::check::{SdkTable, Support};

/// Where the SDK's modules are, below `dist`.
const FOLDER: &str = "plugin-sdk";

/// Public names by definition.
pub(super) struct SdkNames {
    names: BTreeMap<Definition, Vec<SdkName>>,
    shims: SdkTable,
}

/// An export of an SDK module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SdkName {
    pub(super) subpath: String,
    pub(super) name: String,
}

impl SdkNames {
    pub(super) fn read(release: &Release) -> Result<Self, CarveError> {
        let mut names: BTreeMap<Definition, Vec<SdkName>> = BTreeMap::new();
        for module in release.modules(FOLDER) {
            let file = format!("{FOLDER}/{module}");
            let subpath = module.trim_end_matches(".mjs").trim_end_matches(".js");
            for name in release.chunk(&file)?.exports.keys() {
                let definition = release.definition(&file, name)?;
                let public = SdkName { subpath: subpath.to_owned(), name: name.clone() };
                names.entry(definition).or_default().push(public);
            }
        }
        Ok(Self { names, shims: SdkTable::embedded() })
    }

    /// The public name of `definition`. Where it has several, one that a shim of ours has.
    pub(super) fn of(&self, definition: &Definition) -> Option<&SdkName> {
        let names = self.names.get(definition)?;
        let shimmed = names
            .iter()
            .find(|one| self.shims.support(&one.subpath, &one.name) != Support::Missing);
        shimmed.or_else(|| names.iter().min_by_key(|one| (one.subpath.len(), *one)))
    }
}
