//! The public names of what a release declares, read out of its own plugin SDK.

use std::collections::BTreeMap;

use super::CarveError;
use super::release::{Definition, Release};
use crate::check::{SdkTable, Support};

/// Where the SDK's modules are, below `dist`.
const FOLDER: &str = "plugin-sdk";

/// What OpenClaw's portable code takes from a package, past the SDK, and a shim of ours has.
const BESIDE_THE_SDK: [(&str, &str, &str); 1] =
    [("@openclaw/fs-safe/archive", "isWindowsDrivePath", "infra-runtime")];

/// What OpenClaw's portable code takes from its engine without a public name, by the source it is
/// declared in, and what a shim of ours calls it.
const INTERNAL: [(&str, &str, &str, &str); 1] =
    [("src/logging/redact.ts", "redactToolDetail", "logging-core", "redactToolPayloadText")];

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
            for name in release.exports(&file)? {
                let definition = release.definition(&file, &name)?;
                let public = SdkName { subpath: subpath.to_owned(), name };
                names.entry(definition).or_default().push(public);
            }
        }
        for (specifier, name, subpath) in BESIDE_THE_SDK {
            let definition =
                Definition::Package { specifier: specifier.to_owned(), name: name.to_owned() };
            let public = SdkName { subpath: subpath.to_owned(), name: name.to_owned() };
            names.entry(definition).or_default().push(public);
        }
        Ok(Self { names, shims: SdkTable::embedded() })
    }

    /// The name of `definition` that a shim of ours has.
    ///
    /// # Errors
    /// When a file of the release cannot be read.
    pub(super) fn shimmed(
        &self,
        release: &Release,
        definition: &Definition,
    ) -> Result<Option<SdkName>, CarveError> {
        let public = self.names.get(definition).into_iter().flatten();
        let mut known = public
            .filter(|one| self.shims.support(&one.subpath, &one.name) != Support::Missing)
            .cloned();
        if let Some(known) = known.next() {
            return Ok(Some(known));
        }
        let Definition::Local { file, name } = definition else { return Ok(None) };
        let chunk = release.chunk(file)?;
        let internal = INTERNAL
            .iter()
            .find(|(source, internal, ..)| internal == name && chunk.origin(name) == Some(source));
        Ok(internal.map(|(_, _, subpath, name)| SdkName {
            subpath: (*subpath).to_owned(),
            name: (*name).to_owned(),
        }))
    }

    /// The shortest public name of `definition`.
    pub(super) fn any(&self, definition: &Definition) -> Option<&SdkName> {
        self.names.get(definition)?.iter().min_by_key(|one| (one.subpath.len(), *one))
    }
}
