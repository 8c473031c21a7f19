//! Pairing for channels whose plugin knows none: the plugin is told to let everybody in, and the
//! gateway's own gate asks for the approval.

use serde_json::{Map, Value};

type Section = Map<String, Value>;

/// The policy that the operator asks for.
const PAIRING: &str = "pairing";
const EVERYBODY: &str = "*";

/// Whether a channel's schema has a `dmPolicy` that cannot be "pairing".
pub(super) fn lacks_pairing(schema: &Value) -> bool {
    let policies = schema.pointer("/properties/dmPolicy/enum").and_then(Value::as_array);
    policies.is_some_and(|policies| policies.iter().all(|policy| policy != PAIRING))
}

/// A channel's section as its plugin is to see it. Groups stay as strict as they were: plugins
/// take `allowFrom` for them where `groupAllowFrom` is empty.
pub(super) fn shown(section: &Value) -> Value {
    let mut shown = section.clone();
    let Some(channel) = shown.as_object_mut() else { return shown };
    let pairs = |section: &Section| section.get("dmPolicy").map(|policy| policy == PAIRING);
    let by_channel = pairs(channel).unwrap_or(false);
    let accounts = channel.get_mut("accounts").and_then(Value::as_object_mut);
    for account in accounts.into_iter().flatten().filter_map(|(_, account)| account.as_object_mut())
    {
        if pairs(account).unwrap_or(by_channel) {
            open(account);
        }
    }
    if by_channel {
        open(channel);
    }
    shown
}

fn open(section: &mut Section) {
    section.insert("dmPolicy".into(), "open".into());
    let listed = entries(section, "allowFrom");
    if listed.is_empty() || listed.iter().any(|entry| entry == EVERYBODY) {
        return;
    }
    if entries(section, "groupAllowFrom").is_empty() {
        section.insert("groupAllowFrom".into(), listed.clone().into());
    }
    let everybody = listed.into_iter().chain([EVERYBODY.into()]).collect();
    section.insert("allowFrom".into(), Value::Array(everybody));
}

fn entries(section: &Section, key: &str) -> Vec<Value> {
    section.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// What the plugin made of a section that it saw as [`shown`], as the operator would write it:
/// `written` is the section in `ocg.json`.
pub(super) fn restored(written: &Value, changed: &Value) -> Value {
    let mut restored = changed.clone();
    restore(written, &shown(written), &mut restored);
    restored
}

fn restore(written: &Value, shown: &Value, changed: &mut Value) {
    let (Some(old), Some(seen), Some(new)) =
        (written.as_object(), shown.as_object(), changed.as_object_mut())
    else {
        return;
    };
    for key in ["dmPolicy", "allowFrom", "groupAllowFrom"] {
        if old.get(key) == seen.get(key) {
            continue;
        }
        if new.get(key) == seen.get(key) {
            match old.get(key) {
                Some(value) => new.insert(key.into(), value.clone()),
                None => new.remove(key),
            };
        } else if let Some(list) = new.get_mut(key).and_then(Value::as_array_mut) {
            list.retain(|entry| entry != EVERYBODY);
        }
    }
    let accounts = |section: &Section| section.get("accounts").and_then(Value::as_object).cloned();
    let (Some(old), Some(seen)) = (accounts(old), accounts(seen)) else { return };
    for (id, account) in
        new.get_mut("accounts").and_then(Value::as_object_mut).into_iter().flatten()
    {
        if let (Some(old), Some(seen)) = (old.get(id), seen.get(id)) {
            restore(old, seen, account);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_policy_without_pairing_is_found_in_the_schema() {
        let schema = |policies: Value| json!({"properties": {"dmPolicy": {"enum": policies}}});
        assert!(lacks_pairing(&schema(json!(["open", "allowlist"]))));
        assert!(!lacks_pairing(&schema(json!(["open", "pairing"]))));
        assert!(!lacks_pairing(&json!({"properties": {}})));
    }

    #[test]
    fn the_plugin_lets_everybody_in_but_not_into_groups() {
        let section =
            json!({"dmPolicy": "pairing", "allowFrom": ["A"], "groupPolicy": "allowlist"});
        let expected = json!({
            "dmPolicy": "open", "allowFrom": ["A", "*"], "groupPolicy": "allowlist",
            "groupAllowFrom": ["A"],
        });
        assert_eq!(shown(&section), expected);
        let section = json!({"dmPolicy": "pairing", "allowFrom": ["A"], "groupAllowFrom": ["B"]});
        assert_eq!(shown(&section)["groupAllowFrom"], json!(["B"]));
        let section = json!({"dmPolicy": "pairing"});
        assert_eq!(shown(&section), json!({"dmPolicy": "open"}));
        let section = json!({"dmPolicy": "allowlist", "allowFrom": ["A"]});
        assert_eq!(shown(&section), section);
    }

    #[test]
    fn accounts_follow_their_channel_unless_they_say_otherwise() {
        let section = json!({"dmPolicy": "pairing", "accounts": {
            "a": {"allowFrom": ["A"]}, "b": {"dmPolicy": "allowlist", "allowFrom": ["B"]},
        }});
        let accounts = &shown(&section)["accounts"];
        assert_eq!(accounts["a"]["dmPolicy"], "open");
        assert_eq!(accounts["b"], json!({"dmPolicy": "allowlist", "allowFrom": ["B"]}));
    }

    #[test]
    fn what_the_plugin_writes_back_says_what_the_operator_wrote() {
        let section = json!({"dmPolicy": "pairing", "allowFrom": ["A"], "accounts": {
            "a": {"appId": "1"},
        }});
        let mut changed = shown(&section);
        assert_eq!(restored(&section, &changed), section);
        changed["accounts"]["a"]["appId"] = "2".into();
        changed["allowFrom"] = json!(["A", "*", "B"]);
        let expected = json!({"dmPolicy": "pairing", "allowFrom": ["A", "B"], "accounts": {
            "a": {"appId": "2"},
        }});
        assert_eq!(restored(&section, &changed), expected);
    }
}
