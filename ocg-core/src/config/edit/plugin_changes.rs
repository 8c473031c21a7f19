//! What a plugin changed in the configuration it was given.

use std::collections::HashMap;
use std::fmt;

use serde_json::Value;

use super::text;
use crate::config::plugin_view::OWN_CHANNEL_KEYS;
use crate::config::{ConfigError, KeyPath, SecretRef};

/// What a plugin changed, and what was kept against its wish.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PluginChanges {
    /// Settings that were written or removed.
    pub written: Vec<KeyPath>,
    /// References to secrets that the plugin wanted replaced or removed; they are as before.
    pub kept: Vec<KeyPath>,
    edits: Vec<(KeyPath, Option<Value>)>,
}

/// The settings only: their values may be secrets.
impl fmt::Debug for PluginChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PluginChanges")
            .field("written", &self.written)
            .field("kept", &self.kept)
            .finish_non_exhaustive()
    }
}

impl PluginChanges {
    /// The differences between two views below `channels`, for a file with the content `raw`.
    pub(super) fn between(old: &Value, new: &Value, raw: &Value) -> Self {
        let mut changes = Self::default();
        let channels = |root: &Value| root.get("channels").cloned().unwrap_or_default();
        let at = KeyPath::of(["channels"]);
        changes.compare(&at, Some(&channels(old)), Some(&channels(new)), raw);
        changes.written = changes.edits.iter().map(|(key, _)| key.clone()).collect();
        changes
    }

    pub(super) fn apply(&self, text: &str) -> Result<String, ConfigError> {
        self.edits.iter().try_fold(text.to_owned(), |text, (key, value)| match value {
            Some(value) => text::set(&text, key, value),
            None => text::remove(&text, key),
        })
    }

    fn compare(&mut self, at: &KeyPath, old: Option<&Value>, new: Option<&Value>, raw: &Value) {
        if old == new {
            return;
        }
        let written = at.find(raw);
        if written.and_then(SecretRef::of_value).is_some() {
            self.kept.push(at.clone());
            return;
        }
        match (old, new) {
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                for (key, value) in after {
                    self.compare(&at.key(key), before.get(key), Some(value), raw);
                }
                for (key, value) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
                    self.compare(&at.key(key), Some(value), None, raw);
                }
            }
            // Removed piece by piece where the gateway's own settings or secrets are inside.
            (Some(Value::Object(before)), None) if written.is_some_and(holds_more) => {
                for (key, value) in before {
                    self.compare(&at.key(key), Some(value), None, raw);
                }
            }
            (_, None) => self.edits.push((at.clone(), None)),
            (old, Some(new)) => {
                let mut new = new.clone();
                if let (Some(old), Some(raw)) = (old, written) {
                    let mut references = HashMap::new();
                    collect_references(old, raw, &mut references);
                    restore_references(&mut new, &references);
                }
                if written != Some(&new) {
                    self.edits.push((at.clone(), Some(new)));
                }
            }
        }
    }
}

/// Whether a section of the file holds references to secrets or settings of the gateway, none of
/// which a plugin sees.
fn holds_more(raw: &Value) -> bool {
    match raw {
        value if SecretRef::of_value(value).is_some() => true,
        Value::Object(object) => object
            .iter()
            .any(|(key, value)| OWN_CHANNEL_KEYS.contains(&key.as_str()) || holds_more(value)),
        Value::Array(array) => array.iter().any(holds_more),
        _ => false,
    }
}

/// The references in `raw` by the secrets that stand in their place in `seen`.
fn collect_references<'v>(seen: &'v Value, raw: &'v Value, into: &mut HashMap<&'v str, &'v Value>) {
    match (seen, raw) {
        (Value::String(secret), raw) if SecretRef::of_value(raw).is_some() => {
            into.insert(secret, raw);
        }
        (Value::Object(seen), Value::Object(raw)) => {
            for (key, seen) in seen {
                if let Some(raw) = raw.get(key) {
                    collect_references(seen, raw, into);
                }
            }
        }
        (Value::Array(seen), Value::Array(raw)) => {
            for (seen, raw) in seen.iter().zip(raw) {
                collect_references(seen, raw, into);
            }
        }
        _ => {}
    }
}

fn restore_references(value: &mut Value, references: &HashMap<&str, &Value>) {
    match value {
        Value::String(text) => {
            if let Some(reference) = references.get(text.as_str()) {
                *value = (*reference).clone();
            }
        }
        Value::Object(object) => {
            object.values_mut().for_each(|value| restore_references(value, references));
        }
        Value::Array(array) => {
            array.iter_mut().for_each(|value| restore_references(value, references));
        }
        _ => {}
    }
}
