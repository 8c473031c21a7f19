//! Which of OpenClaw's own code can run away from its engine.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::CarveError;
use super::bridge::package_of;
use super::chunk::Binding;
use super::release::{Definition, Release, resolve};
use super::sdk_names::SdkNames;

/// Statements that one name may need: what needs more is a part of the engine.
const MAX_STATEMENTS: usize = 600;

/// Modules of Node that only compute.
const COMPUTING: [&str; 15] = [
    "node:async_hooks",
    "node:buffer",
    "node:crypto",
    "node:events",
    "node:net",
    "node:os",
    "node:path",
    "node:querystring",
    "node:string_decoder",
    "node:timers",
    "node:timers/promises",
    "node:process",
    "node:url",
    "node:util",
    "node:util/types",
];

/// OpenClaw's sources that look at the system and can do without what they look for: whether the
/// process that took an event is still alive.
const TOLERANT: [&str; 1] = ["src/channels/message/ingress-claim-owner.ts"];

/// Packages of `openclaw` itself, without dependencies of their own, that portable code may use.
pub(in crate::install) const PACKAGES: [&str; 1] = ["entities"];

/// Answers, for one plugin of one release, which names are portable.
pub(super) struct Portable<'a> {
    pub(super) release: &'a Release,
    pub(super) sdk: &'a SdkNames,
    pub(super) own: &'a dyn Fn(&str) -> Result<bool, CarveError>,
    /// Packages that the plugin has anyway.
    pub(super) packages: BTreeSet<String>,
    pub(super) known: RefCell<BTreeMap<Declared, bool>>,
}

/// A file and the local name of something declared at its top.
type Declared = (String, String);

impl Portable<'_> {
    /// Whether the code of `name`, declared in `file`, with everything it needs, is free of files,
    /// processes, network and modules that are loaded later. What a shim of ours or the plugin
    /// itself has is not looked into.
    pub(super) fn is(&self, file: &str, name: &str) -> Result<bool, CarveError> {
        let wanted = (file.to_owned(), name.to_owned());
        if let Some(known) = self.known.borrow().get(&wanted) {
            return Ok(*known);
        }
        let reached = self.reach(wanted.clone())?;
        let mut known = self.known.borrow_mut();
        let portable = reached.is_some();
        // Everything that portable code needs is portable.
        known.extend(reached.into_iter().flatten().map(|one| (one, true)));
        known.insert(wanted, portable);
        Ok(portable)
    }

    fn reach(&self, from: Declared) -> Result<Option<BTreeSet<Declared>>, CarveError> {
        let (mut seen, mut queue, mut statements) = (BTreeSet::new(), vec![from], BTreeSet::new());
        while let Some((file, name)) = queue.pop() {
            if self.known.borrow().get(&(file.clone(), name.clone())) == Some(&false) {
                return Ok(None);
            }
            if !seen.insert((file.clone(), name.clone())) {
                continue;
            }
            let (parts, chunk) = (self.release.parts(&file)?, self.release.chunk(&file)?);
            let tolerant = chunk.origin(&name).is_some_and(|origin| TOLERANT.contains(&origin));
            for index in parts.about(&name) {
                if !statements.insert((file.clone(), index)) {
                    continue;
                }
                let part = parts.get(index);
                if part.looks_for_files || statements.len() > MAX_STATEMENTS {
                    return Ok(None);
                }
                for used in &part.uses {
                    match chunk.imports.get(used) {
                        None => queue.push((file.clone(), used.clone())),
                        Some(binding) => match self.imported(&file, binding)? {
                            Needs::Nothing => {}
                            Needs::Code(declared) => queue.push(declared),
                            Needs::Engine if tolerant => {}
                            Needs::Engine => return Ok(None),
                        },
                    }
                }
            }
        }
        Ok(Some(seen))
    }

    fn imported(&self, file: &str, binding: &Binding) -> Result<Needs, CarveError> {
        let (from, name) = match binding {
            Binding::Export { from, name } => (from, name),
            Binding::Namespace { from } => return Ok(self.package(from)),
            Binding::Local(_) => return Ok(Needs::Engine),
        };
        let Some(target) = resolve(file, from) else { return Ok(self.package(from)) };
        let definition = self.release.definition(&target, name)?;
        if self.sdk.shimmed(self.release, &definition)?.is_some() {
            return Ok(Needs::Nothing);
        }
        Ok(match definition {
            Definition::Local { file, .. } | Definition::Module { file } if (self.own)(&file)? => {
                Needs::Nothing
            }
            Definition::Local { file, name } => {
                let chunk = self.release.chunk(&file)?;
                match chunk.origin(&name).and_then(package_of) {
                    Some(package) if self.packages.contains(package) => Needs::Nothing,
                    _ => Needs::Code((file, name)),
                }
            }
            Definition::Package { specifier, .. } => self.package(&specifier),
            Definition::Module { .. } => Needs::Engine,
        })
    }

    fn package(&self, specifier: &str) -> Needs {
        let known = COMPUTING.contains(&specifier)
            || self.packages.iter().any(|package| {
                specifier
                    .strip_prefix(package.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
        if known { Needs::Nothing } else { Needs::Engine }
    }
}

enum Needs {
    /// What is there already.
    Nothing,
    /// More of OpenClaw's code.
    Code(Declared),
    /// The engine.
    Engine,
}
