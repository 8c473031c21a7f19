//! Messages about a configuration file: line, column, the line itself and what to do.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, ast};

use super::channel_id::as_written;
use super::excerpt::Excerpt;
use super::{KeyPath, Step};

/// Something to say about a place in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file.
    pub file: PathBuf,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The setting.
    pub key: Option<KeyPath>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    excerpt: Excerpt,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file.display(), self.line, self.column)?;
        if let Some(key) = &self.key {
            write!(f, "{key}: ")?;
        }
        write!(f, "{}\n{}", self.message, self.excerpt)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// Which part of a setting a diagnostic points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
}

/// A configuration file as it is written.
#[derive(Clone)]
pub(super) struct SourceText {
    pub file: PathBuf,
    pub text: String,
}

impl SourceText {
    /// JSON with comments and trailing commas, and no other extension: files should remain
    /// readable for everyday tools.
    pub(super) fn parse_options() -> ParseOptions {
        ParseOptions {
            allow_comments: true,
            allow_loose_object_property_names: false,
            allow_trailing_commas: true,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        }
    }

    pub(super) fn parse(&self) -> Result<Option<ast::Value<'_>>, jsonc_parser::errors::ParseError> {
        let collect = CollectOptions::default();
        Ok(jsonc_parser::parse_to_ast(&self.text, &collect, &Self::parse_options())?.value)
    }

    /// The folder that relative paths in the file start from.
    pub(super) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    /// A diagnostic about `bytes` of the text.
    pub(super) fn diagnostic(
        &self,
        bytes: Range<usize>,
        key: Option<KeyPath>,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Diagnostic {
        let start = floor_char_boundary(&self.text, bytes.start);
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Diagnostic {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
            column: self.text[line_start..start].chars().count() + 1,
            key,
            message: message.into(),
            hint,
            excerpt: Excerpt::of(&self.text, start..bytes.end.max(start)),
        }
    }

    /// A diagnostic about the setting at `key`, or about the nearest one above it that is
    /// written.
    pub(super) fn at(
        &self,
        key: &KeyPath,
        part: Part,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Diagnostic {
        let place = self.place(key, part).unwrap_or(0..0);
        self.diagnostic(place, Some(key.clone()), message, hint)
    }

    fn place(&self, path: &KeyPath, part: Part) -> Option<Range<usize>> {
        let root = self.parse().ok()??;
        let channels = root.as_object().and_then(|root| root.get_object("channels"));
        let has = |id: &str| channels.is_some_and(|channels| channels.get(id).is_some());
        let path = as_written(path, has);
        let mut value = &root;
        let mut place = root.range();
        for step in path.steps() {
            match (step, value) {
                (Step::Key(key), ast::Value::Object(object)) => {
                    // The last one counts, as in the parsed value.
                    let mut named = object.properties.iter().rev();
                    let Some(property) = named.find(|property| property.name.as_str() == key)
                    else {
                        break;
                    };
                    value = &property.value;
                    place = match part {
                        Part::Key => property.name.range(),
                        Part::Value => value.range(),
                    };
                }
                (Step::Index(index), ast::Value::Array(array)) => {
                    let Some(element) = array.elements.get(*index) else { break };
                    value = element;
                    place = value.range();
                }
                _ => break,
            }
        }
        Some(place.start..place.end)
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
