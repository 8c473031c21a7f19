//! From a file to checked settings: reading, syntax, types, unknown keys.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{ParseStringErrorKind, ast};
use serde::Deserialize;
use serde_json::Value;

use super::channel_id::rename_sections;
use super::diagnose::{Diagnostic, Part, SourceText};
use super::model::ConfigFile;
use super::{ConfigError, KeyPath, Step, expected, schema};

/// No configuration is larger.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A configuration file that is well-formed and has the right types. Secrets are not resolved.
#[derive(Clone)]
pub(super) struct Document {
    pub source: SourceText,
    pub file: ConfigFile,
    pub raw: Value,
    pub warnings: Vec<Diagnostic>,
}

impl Document {
    /// Reads and checks the file at `path`.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        Self::parse(path.to_owned(), read_text(path)?)
    }

    /// Checks `text`, which is or will be the content of `path`.
    pub(super) fn parse(path: PathBuf, text: String) -> Result<Self, ConfigError> {
        let source = SourceText { file: path, text };
        let mut warnings = Vec::new();
        let mut raw = {
            let root = source.parse().map_err(|error| syntax_error(&source, &error))?;
            let Some(root) = root else {
                return Err(ConfigError::Empty { path: source.file });
            };
            if !matches!(root, ast::Value::Object(_)) {
                let place = root.range();
                let found = expected::found(&Value::from(root));
                let message = format!("the file must be an object, found {found}");
                let hint = Some("put the settings into { … }".to_owned());
                return Err(source
                    .diagnostic(place.start..place.start, None, message, hint)
                    .into());
            }
            warn_of_duplicates(&source, &root, &KeyPath::default(), &mut warnings);
            Value::from(root)
        };
        rename_sections(&source, &mut raw, &mut warnings);
        let file = typed(&source, &raw, &mut warnings)?;
        warnings.sort_by_key(|warning| (warning.line, warning.column));
        Ok(Self { source, file, raw, warnings })
    }
}

/// The text of a configuration file, without a byte order mark.
pub(super) fn read_text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source: std::io::Error| match source.kind() {
        ErrorKind::IsADirectory => ConfigError::IsFolder { path: path.to_owned() },
        _ => ConfigError::Unreadable { path: path.to_owned(), source },
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(ConfigError::IsFolder { path: path.to_owned() });
    }
    if metadata.len() > MAX_BYTES {
        return Err(ConfigError::TooLarge { path: path.to_owned(), limit: MAX_BYTES });
    }
    let mut text = String::from_utf8(fs::read(path).map_err(unreadable)?).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..valid];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        ConfigError::NotUtf8 { path: path.to_owned(), line }
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

fn typed(
    source: &SourceText,
    raw: &Value,
    warnings: &mut Vec<Diagnostic>,
) -> Result<ConfigFile, ConfigError> {
    let mut unknown = Vec::new();
    let mut note = |path: serde_ignored::Path<'_>| unknown.push(key_path(&path));
    let mut track = serde_path_to_error::Track::new();
    let deserializer = serde_ignored::Deserializer::new(raw, &mut note);
    let deserializer = serde_path_to_error::Deserializer::new(deserializer, &mut track);
    let result = ConfigFile::deserialize(deserializer);
    let file = result.map_err(|error| {
        let path = track_path(&track.path());
        type_error(source, raw, &path, &error.to_string())
    })?;
    warnings.extend(unknown.iter().filter_map(|path| unknown_key(source, path)));
    Ok(file)
}

fn key_path(path: &serde_ignored::Path<'_>) -> KeyPath {
    use serde_ignored::Path;
    match path {
        Path::Root => KeyPath::default(),
        Path::Seq { parent, index } => key_path(parent).index(*index),
        Path::Map { parent, key } => key_path(parent).key(key),
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => key_path(parent),
    }
}

fn track_path(path: &serde_path_to_error::Path) -> KeyPath {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

fn type_error(source: &SourceText, raw: &Value, path: &KeyPath, error: &str) -> Diagnostic {
    let expected = expected::in_words(error);
    let found = path.find(raw).map_or("nothing", expected::found);
    let text_alike = found == "a text" && expected::is_bare(&expected);
    let hint = text_alike.then(|| "write it without quotes".to_owned());
    // The type is right, the value is not.
    let found = match found.strip_prefix("a ") {
        Some(kind) if error.starts_with("invalid value") => format!("another {kind}"),
        _ => found.to_owned(),
    };
    source.at(path, Part::Value, format!("expected {expected}, found {found}"), hint)
}

/// A warning about a key that nobody reads, unless it belongs to a plugin.
fn unknown_key(source: &SourceText, path: &KeyPath) -> Option<Diagnostic> {
    let keys: Vec<&str> = path
        .steps()
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "",
        })
        .collect();
    let section = match keys[..] {
        [_] => "",
        ["session", ..] => return None,
        [.., "history", _] => "HistorySection",
        ["channels", ..] => return None,
        ["plugins", _, "permissions", _] => "Permissions",
        _ => "PluginSection",
    };
    let hint = match schema::nearest(section, keys.last().unwrap_or(&"")) {
        Some(known) => format!("did you mean {known:?}?"),
        None => "remove it, or see docs/configuration.md for the known keys".to_owned(),
    };
    Some(source.at(path, Part::Key, "unknown key; the gateway ignores it", Some(hint)))
}

fn warn_of_duplicates(
    source: &SourceText,
    value: &ast::Value<'_>,
    path: &KeyPath,
    warnings: &mut Vec<Diagnostic>,
) {
    match value {
        ast::Value::Object(object) => {
            let mut seen = HashSet::new();
            for property in &object.properties {
                let key = path.key(property.name.as_str());
                if !seen.insert(property.name.as_str()) {
                    let place = property.name.range();
                    warnings.push(source.diagnostic(
                        place.start..place.end,
                        Some(key.clone()),
                        "the key is there more than once, the last one counts",
                        Some("remove the others".to_owned()),
                    ));
                }
                warn_of_duplicates(source, &property.value, &key, warnings);
            }
        }
        ast::Value::Array(array) => {
            for (index, element) in array.elements.iter().enumerate() {
                warn_of_duplicates(source, element, &path.index(index), warnings);
            }
        }
        _ => {}
    }
}

fn syntax_error(source: &SourceText, error: &ParseError) -> ConfigError {
    use ParseErrorKind as Kind;
    let mut place = error.range().start..error.range().end;
    let (message, hint) = match error.kind() {
        Kind::ExpectedComma => {
            // The parser points at what follows, often a line below: the comma belongs before.
            let end = source.text[..place.start.min(source.text.len())].trim_end().len();
            place = end.saturating_sub(1)..end;
            ("a comma is missing after this".to_owned(), "separate settings with a comma")
        }
        Kind::ExpectedColonAfterObjectKey => {
            ("a colon is missing after the key".to_owned(), "write \"key\": value")
        }
        Kind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
            ("this text is never closed".to_owned(), "add the missing \"")
        }
        Kind::UnterminatedObject => ("this { is never closed".to_owned(), "add the missing }"),
        Kind::UnterminatedArray => ("this [ is never closed".to_owned(), "add the missing ]"),
        Kind::UnterminatedCommentBlock => {
            ("this comment is never closed".to_owned(), "add the missing */")
        }
        Kind::SingleQuotedStringsNotAllowed => {
            ("texts need double quotes".to_owned(), "write \"text\", not 'text'")
        }
        Kind::UnexpectedWord | Kind::ExpectedStringObjectProperty => (
            "a word without quotes".to_owned(),
            "write texts and keys in double quotes; only true, false and null stand without",
        ),
        Kind::MultipleRootJsonValues => (
            "something follows the end of the settings".to_owned(),
            "remove it, or the } before it that is one too many",
        ),
        Kind::ExpectedObjectValue => {
            ("a value is missing after the colon".to_owned(), "write \"key\": value")
        }
        Kind::NestingDepthExceeded => {
            ("the settings are nested too deeply".to_owned(), "no setting needs that; simplify")
        }
        other => (other.to_string().to_lowercase(), "correct the JSON at this place"),
    };
    source.diagnostic(place, None, message, Some(hint.to_owned())).into()
}
