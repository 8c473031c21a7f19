//! Effective settings as people see them.

use std::path::PathBuf;

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::field::ProxyChoice;
use super::{KeyPath, Source, schema};

/// What is shown in place of a secret.
pub(super) const MASK: &str = "***";

/// One effective setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is written, or would be.
    pub key: KeyPath,
    /// Its value, secrets masked; `null` when it is not set and has no default.
    pub value: Value,
    /// Where the value comes from.
    pub source: Source,
}

/// A value as it may be shown.
pub(super) trait Shown {
    fn shown(&self) -> Value;
}

macro_rules! shown_as_is {
    ($($type:ty),*) => {
        $(impl Shown for $type {
            fn shown(&self) -> Value {
                Value::from(self.clone())
            }
        })*
    };
}
shown_as_is!(bool, u16, u32, u64, usize, String, Vec<String>);

impl Shown for SecretString {
    fn shown(&self) -> Value {
        MASK.into()
    }
}

impl Shown for Url {
    fn shown(&self) -> Value {
        let mut url = self.clone();
        // Both setters fail only for URLs without a host, which have no credentials either.
        if url.password().is_some() {
            let _ = url.set_password(Some(MASK));
        }
        if !url.username().is_empty() {
            let _ = url.set_username(MASK);
        }
        if url.query().is_some() {
            url.set_query(Some(MASK));
        }
        url.to_string().into()
    }
}

impl Shown for ProxyChoice {
    fn shown(&self) -> Value {
        match self {
            Self::Direct => "direct".into(),
            Self::Through(proxy) => proxy.masked().into(),
        }
    }
}

impl Shown for Vec<PathBuf> {
    fn shown(&self) -> Value {
        self.iter().map(|path| path.display().to_string()).collect()
    }
}

/// The leaves of a plugin's own settings below `key`. Texts are masked: only the plugin knows
/// which of them are secret.
pub(super) fn plugin_entries(key: &KeyPath, value: &Value, source: &Source, into: &mut Vec<Entry>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (name, value) in object {
                if schema::is_plain(name) && !value.is_object() {
                    let (key, source) = (key.key(name), source.clone());
                    into.push(Entry { key, value: value.clone(), source });
                } else {
                    plugin_entries(&key.key(name), value, source, into);
                }
            }
        }
        Value::Array(array) if !array.is_empty() => {
            for (index, value) in array.iter().enumerate() {
                plugin_entries(&key.index(index), value, source, into);
            }
        }
        Value::String(text) if !text.is_empty() => {
            into.push(Entry { key: key.clone(), value: MASK.into(), source: source.clone() });
        }
        other => {
            into.push(Entry { key: key.clone(), value: other.clone(), source: source.clone() });
        }
    }
}
