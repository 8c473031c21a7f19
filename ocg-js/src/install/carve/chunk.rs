//! One file of the bundle: what it imports, exports and holds.

use std::collections::{BTreeMap, BTreeSet};

use oxc_allocator::Allocator;
use oxc_ast::ast::{BindingPattern, Declaration, Statement};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType};
use oxc_syntax::module_record::{
    ExportExportName, ExportImportName, ExportLocalName, ImportImportName,
};

/// What an exported or imported name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Binding {
    /// Something declared in the file itself.
    Local(String),
    /// The export `name` of the module `from`.
    Export { from: String, name: String },
    /// The whole module `from`.
    Namespace { from: String },
}

/// A parsed file of the bundle.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Local names that stand for something of another module.
    pub(super) imports: BTreeMap<String, Binding>,
    /// Exported names.
    pub(super) exports: BTreeMap<String, Binding>,
    /// Modules all of whose names it exports.
    pub(super) stars: BTreeSet<String>,
    /// Modules that it imports from when it is loaded, with the names it takes.
    pub(super) requests: BTreeMap<String, BTreeSet<String>>,
    /// Modules that it may import later.
    pub(super) dynamic: BTreeSet<String>,
    /// Local declarations and the source files that they come from.
    origins: BTreeMap<String, String>,
    /// All source files that it was made from.
    pub(super) sources: BTreeSet<String>,
}

/// A file of the bundle that is no JavaScript.
#[derive(Debug)]
pub(super) struct NoModule(pub(super) String);

impl Chunk {
    pub(super) fn parse(source: &str) -> Result<Self, NoModule> {
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
        if let Some(diagnostic) = parsed.diagnostics.first().filter(|_| parsed.panicked) {
            return Err(NoModule(diagnostic.to_string()));
        }
        let mut chunk = Self::default();
        let regions = Regions::of(source);
        chunk.sources = regions.names();
        let record = &parsed.module_record;
        for specifier in record.requested_modules.keys() {
            chunk.requests.entry(specifier.to_string()).or_default();
        }
        for entry in &record.import_entries {
            let from = entry.module_request.name.to_string();
            let taken = chunk.requests.entry(from.clone()).or_default();
            let binding = match &entry.import_name {
                ImportImportName::Name(name) => {
                    taken.insert(name.name.to_string());
                    Binding::Export { from, name: name.name.to_string() }
                }
                ImportImportName::Default(_) => {
                    taken.insert("default".to_owned());
                    Binding::Export { from, name: "default".to_owned() }
                }
                ImportImportName::NamespaceObject => Binding::Namespace { from },
            };
            chunk.imports.insert(entry.local_name.name.to_string(), binding);
        }
        for entry in &record.local_export_entries {
            let name = match &entry.export_name {
                ExportExportName::Name(name) => name.name.to_string(),
                ExportExportName::Default(_) => "default".to_owned(),
                ExportExportName::Null => continue,
            };
            let local = match &entry.local_name {
                ExportLocalName::Name(local) | ExportLocalName::Default(local) => {
                    local.name.to_string()
                }
                ExportLocalName::Null => "default".to_owned(),
            };
            let binding = chunk.imports.get(&local).cloned().unwrap_or(Binding::Local(local));
            chunk.exports.insert(name, binding);
        }
        for entry in &record.indirect_export_entries {
            let (ExportExportName::Name(name), Some(request)) =
                (&entry.export_name, &entry.module_request)
            else {
                continue;
            };
            let from = request.name.to_string();
            let binding = match &entry.import_name {
                ExportImportName::Name(taken) => {
                    let taken = taken.name.to_string();
                    chunk.requests.entry(from.clone()).or_default().insert(taken.clone());
                    Binding::Export { from, name: taken }
                }
                _ => Binding::Namespace { from },
            };
            chunk.exports.insert(name.name.to_string(), binding);
        }
        for entry in &record.star_export_entries {
            chunk.stars.extend(entry.module_request.iter().map(|request| request.name.to_string()));
        }
        for import in &record.dynamic_imports {
            let text = import.module_request.source_text(source);
            if let Some(specifier) = plain_string(text) {
                chunk.dynamic.insert(specifier.to_owned());
            }
        }
        for statement in &parsed.program.body {
            let region = regions.at(statement.span().start as usize);
            for name in declared(statement) {
                chunk.origins.insert(name, region.to_owned());
            }
        }
        Ok(chunk)
    }

    /// The source file in which a local name is declared.
    pub(super) fn origin(&self, local: &str) -> Option<&str> {
        self.origins.get(local).map(String::as_str).filter(|origin| !origin.is_empty())
    }

    /// Whether it was made from sources below `folder`.
    pub(super) fn holds(&self, folder: &str) -> bool {
        self.sources.iter().any(|source| source.starts_with(folder))
    }
}

/// A string literal without escapes.
fn plain_string(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(['\\', quote])).then_some(inner)
}

fn declared(statement: &Statement<'_>) -> Vec<String> {
    match statement.as_declaration() {
        Some(Declaration::FunctionDeclaration(function)) => {
            function.id.iter().map(|id| id.name.to_string()).collect()
        }
        Some(Declaration::ClassDeclaration(class)) => {
            class.id.iter().map(|id| id.name.to_string()).collect()
        }
        Some(Declaration::VariableDeclaration(variables)) => variables
            .declarations
            .iter()
            .filter_map(|one| match &one.id {
                BindingPattern::BindingIdentifier(id) => Some(id.name.to_string()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The bundler marks which source file each part of a chunk comes from: `//#region <path>`.
struct Regions {
    starts: Vec<(usize, String)>,
}

impl Regions {
    fn of(source: &str) -> Self {
        let mut starts = Vec::new();
        let mut offset = 0;
        for line in source.split_inclusive('\n') {
            if let Some(name) = line.trim_start().strip_prefix("//#region ") {
                starts.push((offset, name.trim().to_owned()));
            }
            offset += line.len();
        }
        Self { starts }
    }

    fn at(&self, offset: usize) -> &str {
        let after = self.starts.partition_point(|(start, _)| *start <= offset);
        after.checked_sub(1).map_or("", |at| &self.starts[at].1)
    }

    fn names(&self) -> BTreeSet<String> {
        self.starts.iter().map(|(_, name)| name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_traced_to_their_module_or_source() {
        let source = r#"
import { a as b } from "./one.mjs";
import * as all from "./two.mjs";
import "./three.mjs";
//#region extensions/telegram/src/bot.ts
function start() { return import("./four.mjs"); }
//#endregion
//#region node_modules/.pnpm/zod@4/node_modules/zod/v4/classic/schemas.js
const shape = 1;
//#endregion
export { b as t, all as n, start as s, shape };
export { x as y } from "./five.mjs";
export * from "./six.mjs";
"#;
        let chunk = Chunk::parse(source).unwrap();
        let export =
            |from: &str, name: &str| Binding::Export { from: from.into(), name: name.into() };
        assert_eq!(chunk.exports["t"], export("./one.mjs", "a"));
        assert_eq!(chunk.exports["n"], Binding::Namespace { from: "./two.mjs".into() });
        assert_eq!(chunk.exports["s"], Binding::Local("start".into()));
        assert_eq!(chunk.exports["y"], export("./five.mjs", "x"));
        assert_eq!(chunk.origin("start"), Some("extensions/telegram/src/bot.ts"));
        assert!(chunk.origin("shape").unwrap().contains("/zod/"));
        assert!(chunk.holds("extensions/telegram/") && !chunk.holds("extensions/discord/"));
        assert_eq!(chunk.dynamic.iter().collect::<Vec<_>>(), ["./four.mjs"]);
        let requests: Vec<&str> = chunk.requests.keys().map(String::as_str).collect();
        assert_eq!(requests, ["./five.mjs", "./one.mjs", "./six.mjs", "./three.mjs", "./two.mjs"]);
        assert_eq!(chunk.stars.iter().collect::<Vec<_>>(), ["./six.mjs"]);
    }

    #[test]
    fn what_is_no_javascript_is_said() {
        assert!(Chunk::parse("import {").is_err());
    }
}
