//! TypeScript as plugins publish it: types removed, enums and parameter properties written out.

use std::path::{Path, PathBuf};

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;
use oxc_transformer::{TransformOptions, Transformer};

/// Whether a module's name is that of a TypeScript file.
pub(crate) fn is_typescript(name: &str) -> bool {
    let path = Path::new(super::resolve::without_query(name));
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("ts" | "mts"))
}

/// The JavaScript of an ES module in TypeScript. Statements stay on the lines that they are
/// written on, as far as one line each has room for them.
///
/// # Errors
/// What the compiler says of the source.
pub(crate) fn javascript(source: &str, name: &str) -> Result<String, String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::ts().with_module(true)).parse();
    if let Some(first) = parsed.diagnostics.first() {
        return Err(first.to_string());
    }
    let mut program = parsed.program;
    let semantic = SemanticBuilder::new().with_enum_eval(true).build(&program);
    let scoping = semantic.semantic.into_scoping();
    let path = Path::new(name);
    let transformed = Transformer::new(&allocator, path, &TransformOptions::default())
        .build_with_scoping(scoping, &mut program);
    if let Some(first) = transformed.diagnostics.first() {
        return Err(first.to_string());
    }
    let options = CodegenOptions {
        source_map_path: Some(PathBuf::from(name)),
        comments: CommentOptions::disabled(),
        ..CodegenOptions::default()
    };
    let printed = Codegen::new().with_options(options).build(&program);
    let Some(map) = printed.map else { return Ok(printed.code) };
    let places = map.get_tokens().map(|token| Place {
        line: token.get_dst_line() as usize,
        column: token.get_dst_col() as usize,
        written: token.get_src_line() as usize,
    });
    Ok(on_written_lines(&printed.code, places))
}

/// Where something printed was written; lines count from 0.
struct Place {
    line: usize,
    column: usize,
    written: usize,
}

/// Moves printed lines down to where their first token was written, and joins those that would
/// stand too low with the one before. Only a line that begins with a token of its own is moved:
/// the inside of a template literal is not.
fn on_written_lines(code: &str, places: impl Iterator<Item = Place>) -> String {
    let mut written = vec![None; code.lines().count()];
    let begins: Vec<usize> =
        code.lines().map(|line| line.len() - line.trim_start().len()).collect();
    for place in places {
        if begins.get(place.line) == Some(&place.column) && written[place.line].is_none() {
            written[place.line] = Some(place.written);
        }
    }
    let mut out = String::with_capacity(code.len());
    let mut at = 0;
    for (index, line) in code.lines().enumerate() {
        match written[index] {
            _ if index == 0 => {}
            Some(written) if written <= at => out.push(' '),
            Some(written) => {
                out.extend(std::iter::repeat_n('\n', written - at));
                at = written;
            }
            None => {
                out.push('\n');
                at += 1;
            }
        }
        out.push_str(line);
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_stay_on_their_lines() {
        let source = "import type { A } from './a';\n\ninterface B {\n  x: number;\n}\n// a comment\nenum Kind { One = 1, Two }\nconst text = `a\n${Kind.Two}\n   b`;\nclass C<T> {\n  constructor(private readonly x: T, public y = 1) {}\n  line(): string { return new Error(text).stack!; }\n}\n\n\nexport default [new C<number>(1).y, text as string, Kind[1]] satisfies unknown[];\n";
        insta::assert_snapshot!(javascript(source, "/p/x.ts").unwrap());
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(javascript("const x: = 1;", "/p/x.ts").is_err());
    }
}
