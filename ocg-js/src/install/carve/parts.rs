//! The statements of a file of the bundle, and what each of them needs.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::{GetSpan, SourceType, Span};

use super::chunk::NoModule;

/// One statement at the top of a file; imports and export lists are none.
#[derive(Debug, Default)]
pub(super) struct Part {
    text: Range<usize>,
    /// Whether it declares something: without, it is there for its effect.
    pub(super) declares: bool,
    /// Names of the file's top that it mentions, declared or imported there.
    pub(super) uses: BTreeSet<String>,
    /// Whether it looks for other files: `import()` or `import.meta`.
    pub(super) looks_for_files: bool,
}

/// All statements of a file, in order.
#[derive(Debug)]
pub(super) struct Parts {
    source: String,
    parts: Vec<Part>,
    declared: BTreeMap<String, usize>,
}

impl Parts {
    pub(super) fn of(source: String) -> Result<Self, NoModule> {
        let (mut parts, mut declared) = (Vec::<Part>::new(), BTreeMap::new());
        {
            let allocator = Allocator::default();
            let parsed = Parser::new(&allocator, &source, SourceType::mjs()).parse();
            if let Some(diagnostic) = parsed.diagnostics.first().filter(|_| parsed.panicked) {
                return Err(NoModule(diagnostic.to_string()));
            }
            for statement in &parsed.program.body {
                let span = statement.span();
                // The bundler exports by lists only.
                if statement.as_module_declaration().is_none() {
                    let text = span.start as usize..span.end as usize;
                    parts.push(Part { text, ..Part::default() });
                }
            }
            let at = |span: Span| {
                let start = span.start as usize;
                let after = parts.partition_point(|part| part.text.start <= start);
                after.checked_sub(1).filter(|index| start < parts[*index].text.end)
            };
            let record = &parsed.module_record;
            let dynamic = record.dynamic_imports.iter().map(|import| import.span);
            let looking: Vec<usize> =
                dynamic.chain(record.import_metas.iter().copied()).filter_map(at).collect();
            let semantic =
                SemanticBuilder::new().with_build_nodes(true).build(&parsed.program).semantic;
            let scoping = semantic.scoping();
            let mut used = Vec::new();
            for (name, symbol) in scoping.get_bindings(scoping.root_scope_id()) {
                if let Some(part) = at(scoping.symbol_span(*symbol)) {
                    declared.insert(name.to_string(), part);
                }
                for reference in semantic.symbol_references(*symbol) {
                    let part = at(semantic.reference_span(reference));
                    used.extend(part.map(|part| (part, name.to_string())));
                }
            }
            for part in declared.values() {
                parts[*part].declares = true;
            }
            for (part, name) in used {
                parts[part].uses.insert(name);
            }
            for part in looking {
                parts[part].looks_for_files = true;
            }
        }
        Ok(Self { source, parts, declared })
    }

    pub(super) fn get(&self, index: usize) -> &Part {
        &self.parts[index]
    }

    pub(super) fn text(&self, index: usize) -> &str {
        &self.source[self.parts[index].text.clone()]
    }

    /// The statements that `name` needs in this file besides those that it mentions: the one that
    /// declares it, and those that only have an effect on it.
    pub(super) fn about(&self, name: &str) -> Vec<usize> {
        let effects = self.parts.iter().enumerate();
        let effects = effects.filter(|(_, part)| !part.declares && part.uses.contains(name));
        let declared = self.declared.get(name).copied();
        declared.into_iter().chain(effects.map(|(index, _)| index)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_know_what_they_need() {
        let source = r#"
import { a } from "./one.mjs";
const limit = 3;
function cut(text) { const a = 1; return text.slice(0, limit + a); }
const names = new Map();
names.set("x", a);
const later = () => import("./two.mjs");
export { cut as t, names };
"#;
        let parts = Parts::of(source.into()).unwrap();
        let about = |name: &str| -> Vec<&str> {
            parts.about(name).into_iter().map(|index| parts.text(index)).collect()
        };
        assert_eq!(about("limit"), ["const limit = 3;"]);
        assert_eq!(about("names"), ["const names = new Map();", r#"names.set("x", a);"#]);
        let cut = parts.about("cut")[0];
        // The inner `a` is another one than the imported.
        assert_eq!(parts.get(cut).uses.iter().collect::<Vec<_>>(), ["limit"]);
        assert!(parts.get(parts.about("later")[0]).looks_for_files);
        assert!(parts.about("a").iter().all(|index| !parts.get(*index).declares));
    }
}
