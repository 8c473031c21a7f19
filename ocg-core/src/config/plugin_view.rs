//! The configuration as plugins see it.

use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use super::pick::Picker;
use super::{ConfigError, KeyPath, SecretRef, schema};

/// Keys of a channel or an account that are the gateway's own.
pub(super) const OWN_CHANNEL_KEYS: [&str; 7] =
    ["agentUrl", "model", "apiKey", "headers", "systemPrompt", "history", "async"];

/// Top-level keys of the gateway that plugins see all the same, because OpenClaw has them too.
const SHARED_KEYS: [&str; 9] = [
    "channels",
    "plugins",
    "session",
    "messages",
    "commands",
    "agents",
    "bindings",
    "accessGroups",
    "gateway",
];

/// The view of a file, or of no file.
pub(super) fn make(pick: &Picker<'_>, raw: Option<&Value>) -> Result<Value, ConfigError> {
    let mut view = raw.and_then(Value::as_object).cloned().unwrap_or_default();
    for key in schema::keys_of("").filter(|key| !SHARED_KEYS.contains(key)) {
        view.shift_remove(key);
    }
    let channels = view.entry("channels").or_insert_with(|| Map::new().into());
    let at = KeyPath::of(["channels"]);
    for (id, channel) in channels.as_object_mut().into_iter().flatten() {
        let at = at.key(id);
        strip(channel);
        let accounts = channel.get_mut("accounts").and_then(Value::as_object_mut);
        for (_, account) in accounts.into_iter().flatten() {
            strip(account);
        }
        resolve(pick, &at, channel)?;
    }
    Ok(view.into())
}

fn strip(section: &mut Value) {
    if let Some(section) = section.as_object_mut() {
        section.retain(|key, _| !OWN_CHANNEL_KEYS.contains(&key.as_str()));
    }
}

/// Puts secrets in the place of their references. What is switched off is left as it is, since
/// its secrets need not exist.
fn resolve(pick: &Picker<'_>, at: &KeyPath, value: &mut Value) -> Result<(), ConfigError> {
    if let Some(reference) = SecretRef::of_value(value) {
        *value = pick.secret(at, &reference)?.expose_secret().into();
        return Ok(());
    }
    match value {
        Value::Object(object) if object.get("enabled") != Some(&Value::Bool(false)) => {
            for (key, value) in object {
                resolve(pick, &at.key(key), value)?;
            }
        }
        Value::Array(array) => {
            for (index, value) in array.iter_mut().enumerate() {
                resolve(pick, &at.index(index), value)?;
            }
        }
        _ => {}
    }
    Ok(())
}
