//! Secrets in the configuration: written out, or taken from the environment or a file.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::Environment;

/// Secret files larger than this are something else.
const MAX_SECRET_FILE_BYTES: u64 = 64 * 1024;

/// How a secret is written in the configuration file.
#[derive(Debug, Clone)]
pub enum SecretRef {
    /// The secret itself.
    Literal(SecretString),
    /// `"${NAME}"`: the value of an environment variable.
    Env(String),
    /// `{ "file": "path" }`: the content of a file, without the line end.
    File(PathBuf),
}

/// A secret that cannot be resolved.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment variable is missing or empty.
    #[error("the environment variable {name} is not set; set it or write another value here")]
    MissingVariable {
        /// Its name.
        name: String,
    },
    /// The file cannot be read.
    #[error("cannot read the secret file {}: {source}; correct the path or its permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file's content cannot be a secret.
    #[error("the secret file {} {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: &'static str,
    },
}

/// Resolves references to secrets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Secrets<'a> {
    /// For `"${NAME}"`.
    pub environment: &'a Environment,
    /// What relative paths of secret files start from: the configuration file's folder.
    pub base: &'a Path,
}

impl SecretRef {
    /// The reference that a JSON value is, if it is one. Literal strings are not.
    pub(super) fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => variable(text).map(|name| Self::Env(name.to_owned())),
            Value::Object(object) if object.len() == 1 => {
                Some(Self::File(PathBuf::from(object.get("file")?.as_str()?)))
            }
            _ => None,
        }
    }

    pub(super) fn of_text(text: String) -> Self {
        match variable(&text) {
            Some(name) => Self::Env(name.to_owned()),
            None => Self::Literal(SecretString::from(text)),
        }
    }
}

/// The name in a text that is `${NAME}` as a whole.
fn variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let mut bytes = name.bytes();
    let first = bytes.next()?;
    let valid = (first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    valid.then_some(name)
}

impl Secrets<'_> {
    /// The secret behind `reference`.
    pub(super) fn resolve(&self, reference: &SecretRef) -> Result<SecretString, SecretError> {
        match reference {
            SecretRef::Literal(secret) => Ok(secret.clone()),
            SecretRef::Env(name) => self
                .environment
                .get(name)
                .map(SecretString::from)
                .ok_or_else(|| SecretError::MissingVariable { name: name.clone() }),
            SecretRef::File(path) => self.read(path),
        }
    }

    fn read(&self, path: &Path) -> Result<SecretString, SecretError> {
        let path = self.base.join(super::locate::expand_home(path, self.environment));
        let unreadable = |source| SecretError::Unreadable { path: path.clone(), source };
        let unusable = |reason| SecretError::Unusable { path: path.clone(), reason };
        if std::fs::metadata(&path).map_err(unreadable)?.len() > MAX_SECRET_FILE_BYTES {
            return Err(unusable("is larger than 64 KiB; name a file that holds the secret alone"));
        }
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| unusable("is not text; name a file that holds the secret alone"))?;
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            return Err(unusable("is empty; write the secret into it"));
        }
        Ok(SecretString::from(secret))
    }
}

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

struct SecretVisitor;

impl<'de> Visitor<'de> for SecretVisitor {
    type Value = SecretRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, \"${ENV_NAME}\" or { \"file\": \"path\" }")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<SecretRef, E> {
        Ok(SecretRef::of_text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretRef, A::Error> {
        let misfit = || A::Error::invalid_type(serde::de::Unexpected::Map, &self);
        match map.next_entry::<String, String>() {
            Ok(Some((key, path))) if key == "file" => match map.next_key::<String>()? {
                None => Ok(SecretRef::File(PathBuf::from(path))),
                Some(_) => Err(misfit()),
            },
            _ => Err(misfit()),
        }
    }
}

impl JsonSchema for SecretRef {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The secret itself, \"${ENV_NAME}\" for an environment variable, or a file that holds it.",
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "properties": { "file": { "type": "string" } },
                    "required": ["file"],
                    "additionalProperties": false
                }
            ]
        })
    }
}
