//! The JSON Schema of the configuration file, and what else follows from the list of keys.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::model::ConfigFile;

/// The JSON Schema of `ocg.json`, made from the types that read it.
pub fn schema() -> Value {
    schemars::schema_for!(ConfigFile).to_value()
}

/// What the schema says of the keys.
struct Keys {
    /// Keys per kind of section; the file itself is `""`.
    sections: BTreeMap<String, BTreeSet<String>>,
    /// Keys whose values cannot hold a secret, in whatever section.
    plain: BTreeSet<String>,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let schema = schema();
    let mut keys = Keys { sections: BTreeMap::new(), plain: BTreeSet::new() };
    keys.learn("", &schema);
    for (name, section) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
        keys.learn(name, section);
    }
    keys
});

impl Keys {
    fn learn(&mut self, section: &str, schema: &Value) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        let known = self.sections.entry(section.to_owned()).or_default();
        for (name, property) in properties {
            known.insert(name.clone());
            // Secrets, header values, URLs (for their user:password and query) and what only
            // plugins understand are references to definitions of their own.
            let text = property.to_string();
            let secret = ["/Secret\"", "/HttpUrl\"", "/PassedOn\"", "/SessionSection\""];
            // Words like "env" or "read" are too common to be trusted wherever they occur.
            let common = matches!(section, "Permissions" | "PluginSection");
            if !common && !secret.iter().any(|kind| text.contains(kind)) {
                self.plain.insert(name.clone());
            }
        }
    }
}

/// Whether the values of keys with this name cannot hold a secret.
pub(super) fn is_plain(key: &str) -> bool {
    KEYS.plain.contains(key)
}

/// The keys of a kind of section, by the name of its type; the file itself is `""`.
pub(super) fn keys_of(section: &str) -> impl Iterator<Item = &'static str> {
    KEYS.sections.get(section).into_iter().flatten().map(String::as_str)
}

/// The known key that a misspelt one probably means.
pub(super) fn nearest(section: &str, key: &str) -> Option<&'static str> {
    let key = key.to_lowercase();
    keys_of(section)
        .map(|known| (strsim::jaro_winkler(&key, &known.to_lowercase()), known))
        .filter(|(similarity, _)| *similarity > 0.85)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}
