//! What a module imports, by a real parser.

use std::collections::BTreeMap;

use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use oxc_syntax::module_record::{ExportImportName, ImportImportName, ModuleRecord};

/// One specifier that a module imports from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ImportRecord {
    /// As written.
    pub specifier: String,
    /// Names that must exist; empty for namespaces, side effects, `export *` and `import()`.
    pub names: Vec<String>,
    /// Whether it is an `import()` or a `require()`.
    pub dynamic: bool,
    /// Line of its first mention, counted from 1.
    pub line: u32,
}

/// The imports of an ES module, one record per specifier and kind, in the order of first mention.
/// `import()` counts where its argument is a plain string. A source that does not parse has none:
/// the engine will say what is wrong with it.
pub fn imports(source: &str) -> Vec<ImportRecord> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        return Vec::new();
    }
    let mut records = BTreeMap::new();
    collect_static(&parsed.module_record, &mut records);
    for import in &parsed.module_record.dynamic_imports {
        let text = import.module_request.source_text(source);
        if let Some(specifier) = plain_string(text) {
            note(&mut records, specifier, None, true, import.span.start);
        }
    }
    let mut records: Vec<(u32, ImportRecord)> = records.into_values().collect();
    records.sort_by_key(|(start, _)| *start);
    let mut lines = LineCounter { source, offset: 0, line: 1 };
    records
        .into_iter()
        .map(|(start, record)| ImportRecord { line: lines.at(start as usize), ..record })
        .collect()
}

/// Names that an ES module exports. `export *` is followed through `find`.
pub(crate) fn exports<'a>(source: &'a str, find: &dyn Fn(&str) -> Option<&'a str>) -> Vec<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    let module = &parsed.module_record;
    let mut names: Vec<String> =
        module.exported_bindings.keys().map(|name| name.as_str().to_owned()).collect();
    if module.local_export_entries.iter().any(|entry| entry.export_name.is_default()) {
        names.push("default".to_owned());
    }
    for star in &module.star_export_entries {
        let target = star.module_request.as_ref().and_then(|request| find(request.name.as_str()));
        if let Some(target) = target {
            names.extend(exports(target, find).into_iter().filter(|name| name != "default"));
        }
    }
    names
}

type Records = BTreeMap<(String, bool), (u32, ImportRecord)>;

fn collect_static(module: &ModuleRecord<'_>, records: &mut Records) {
    for (specifier, requests) in &module.requested_modules {
        let Some(first) =
            requests.iter().filter(|request| !request.is_type).min_by_key(|r| r.span.start)
        else {
            continue;
        };
        note(records, specifier.as_str(), None, false, first.statement_span.start);
    }
    for entry in module.import_entries.iter().filter(|entry| !entry.is_type) {
        let name = match &entry.import_name {
            ImportImportName::Name(name) => Some(name.name.as_str()),
            ImportImportName::Default(_) => Some("default"),
            ImportImportName::NamespaceObject => None,
        };
        let start = entry.statement_span.start;
        note(records, entry.module_request.name.as_str(), name, false, start);
    }
    for entry in &module.indirect_export_entries {
        let (Some(request), ExportImportName::Name(name)) =
            (&entry.module_request, &entry.import_name)
        else {
            continue;
        };
        let start = entry.statement_span.start;
        note(records, request.name.as_str(), Some(name.name.as_str()), false, start);
    }
}

fn note(records: &mut Records, specifier: &str, name: Option<&str>, dynamic: bool, start: u32) {
    let (first, record) = records.entry((specifier.to_owned(), dynamic)).or_insert_with(|| {
        let specifier = specifier.to_owned();
        (start, ImportRecord { specifier, names: Vec::new(), dynamic, line: 0 })
    });
    *first = start.min(*first);
    if let Some(name) = name
        && !record.names.iter().any(|known| known == name)
    {
        record.names.push(name.to_owned());
    }
}

fn plain_string(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(['\\', '$', quote])).then_some(inner)
}

/// Counts lines once over the source for ascending offsets.
struct LineCounter<'a> {
    source: &'a str,
    offset: usize,
    line: u32,
}

impl LineCounter<'_> {
    fn at(&mut self, offset: usize) -> u32 {
        let passed = &self.source.as_bytes()[self.offset..offset.max(self.offset)];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.offset = offset.max(self.offset);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(specifier: &str, names: &[&str], dynamic: bool, line: u32) -> ImportRecord {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        ImportRecord { specifier: specifier.into(), names, dynamic, line }
    }

    #[test]
    fn finds_every_form() {
        let source = r#"import def, { a as b } from "one";
import * as ns from "two";
import "three";
export { c } from "one";
export * from "four";

const later = () => import("five");
const unknown = (x) => import(x);
// import { no } from "comment";
"#;
        assert_eq!(
            imports(source),
            [
                record("one", &["default", "a", "c"], false, 1),
                record("two", &[], false, 2),
                record("three", &[], false, 3),
                record("four", &[], false, 5),
                record("five", &[], true, 7),
            ]
        );
    }

    #[test]
    fn broken_source_has_none() {
        assert_eq!(imports("import { from"), []);
    }
}
