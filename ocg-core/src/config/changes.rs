//! What two configurations do not have in common, in the gateway's terms: who must be restarted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Config, KeyPath, Step};

/// Settings that are read when the gateway starts, and never again.
const AT_START: [&str; 4] = ["async", "maxConcurrentTurns", "mediaRoots", "verbose"];
/// Settings of the callback server, which is bound when the gateway starts.
const SERVER: [&str; 2] = ["callback", "send"];
/// Settings of the network; a plugin takes them when it is loaded, agents when the gateway starts.
const NETWORK: [&str; 5] = ["proxy", "agentProxy", "pluginProxy", "noProxy", "extraCaCerts"];

/// What must be done for a new configuration. All that is not listed here is in force as soon as
/// the configuration is replaced: turns ask for their settings when they begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigChanges {
    /// Settings that differ, as paths of keys.
    pub paths: Vec<KeyPath>,
    /// Channels whose section differs in what the plugin sees of it.
    pub channels: BTreeMap<String, ChannelChange>,
    /// Other settings that differ and that plugins see: those that asked for it are restarted.
    pub shared: Vec<KeyPath>,
    /// Plugin packages with other permissions: they must be loaded anew.
    pub plugins: BTreeSet<String>,
    /// All plugins must be loaded anew.
    pub every_plugin: bool,
    /// Settings that differ and wait for the next start of the gateway.
    pub at_next_start: Vec<KeyPath>,
}

/// Which accounts of a channel a change touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelChange {
    /// All of them.
    Whole,
    /// Those whose own sections differ.
    Accounts(BTreeSet<String>),
}

impl ConfigChanges {
    /// What differs between `old` and `new`.
    pub fn between(old: &Config, new: &Config) -> Self {
        let mut changes = Self::default();
        let nothing = Value::Object(Map::new());
        let raw = |config: &Config| config.raw().cloned().unwrap_or_else(|| nothing.clone());
        changes.paths = differences(&raw(old), &raw(new));
        for path in changes.paths.clone() {
            changes.note_written(path);
        }
        for path in differences(old.plugin_view(), new.plugin_view()) {
            changes.note_seen(path);
        }
        changes
    }

    /// Whether the two configurations say the same.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A setting differs in the file.
    fn note_written(&mut self, path: KeyPath) {
        let keys = keys(&path);
        let network = NETWORK.contains(&keys[0]);
        self.every_plugin |= network && keys[0] != "agentProxy";
        if let ["plugins", package, "permissions", ..] = keys[..] {
            self.plugins.insert(package.to_owned());
        }
        let waits = network && keys[0] != "pluginProxy"
            || AT_START.contains(&keys[0])
            || SERVER.iter().any(|prefix| keys[0].starts_with(prefix))
            || matches!(
                keys[..],
                ["channels", _, "async"] | ["channels", _, "accounts", _, "async"]
            );
        if waits {
            self.at_next_start.push(path);
        }
    }

    /// A setting differs in what plugins see, secrets resolved.
    fn note_seen(&mut self, path: KeyPath) {
        match keys(&path)[..] {
            ["channels", channel, "accounts", account, ..] => {
                let change = ChannelChange::Accounts(BTreeSet::new());
                let change = self.channels.entry(channel.to_owned()).or_insert(change);
                if let ChannelChange::Accounts(accounts) = change {
                    accounts.insert(account.to_owned());
                }
            }
            ["channels", channel, ..] => {
                self.channels.insert(channel.to_owned(), ChannelChange::Whole);
            }
            ["channels"] | ["plugins", ..] => {}
            _ => self.shared.push(path),
        }
    }
}

/// The keys of a path; there is at least one.
fn keys(path: &KeyPath) -> Vec<&str> {
    path.steps()
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "",
        })
        .collect()
}

/// The paths at which two objects differ. Lists are compared as a whole, and an empty section is
/// as good as none.
fn differences(old: &Value, new: &Value) -> Vec<KeyPath> {
    let mut paths = Vec::new();
    compare(&KeyPath::default(), Some(old), Some(new), &mut paths);
    paths
}

fn compare(at: &KeyPath, old: Option<&Value>, new: Option<&Value>, paths: &mut Vec<KeyPath>) {
    let nothing = Map::new();
    let (old_keys, new_keys) = match (old, new) {
        _ if old == new => return,
        (Some(Value::Object(old)), Some(Value::Object(new))) => (old, new),
        (Some(Value::Object(old)), None) => (old, &nothing),
        (None, Some(Value::Object(new))) => (&nothing, new),
        _ => return paths.push(at.clone()),
    };
    for (key, value) in old_keys {
        compare(&at.key(key), Some(value), new_keys.get(key), paths);
    }
    for (key, value) in new_keys.iter().filter(|(key, _)| !old_keys.contains_key(*key)) {
        compare(&at.key(key), None, Some(value), paths);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Environment, StateDir};
    use super::*;

    fn config(text: &str) -> Config {
        let state = StateDir::new("/nowhere", None);
        Config::parse(text, "ocg.json", state, &Environment::default()).unwrap()
    }

    fn between(old: &str, new: &str) -> ConfigChanges {
        ConfigChanges::between(&config(old), &config(new))
    }

    fn texts(paths: &[KeyPath]) -> Vec<String> {
        paths.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn comments_and_order_change_nothing() {
        let changes = between(
            r#"{"model": "m", "channels": {"a": {"x": 1}}}"#,
            "{\"channels\": {\"a\": {\"x\": 1}, \"b\": {}}, /* new */ \"model\": \"m\"}",
        );
        assert!(changes.is_empty(), "{changes:?}");
    }

    #[test]
    fn settings_of_agents_restart_nothing() {
        let changes = between(
            r#"{"model": "m", "channels": {"a": {"accounts": {"x": {"agentUrl": "http://a/"}}}}}"#,
            r#"{"model": "n", "channels": {"a": {"systemPrompt": "Be kind"}}}"#,
        );
        let expected = ["model", "channels.a.accounts.x.agentUrl", "channels.a.systemPrompt"];
        assert_eq!(texts(&changes.paths), expected);
        assert_eq!(changes, ConfigChanges { paths: changes.paths.clone(), ..Default::default() });
    }

    #[test]
    fn only_the_touched_channels_and_accounts_are_named() {
        let changes = between(
            r#"{"channels": {"a": {"token": "1"}, "b": {"accounts": {"x": {"t": 1}, "y": {"t": 1}}},
                "c": {"t": 1}, "d": {"enabled": true}}}"#,
            r#"{"channels": {"a": {"token": "2"}, "b": {"accounts": {"x": {"t": 2}, "y": {"t": 1},
                "z": {"t": 1}}}, "c": {"t": 1}, "e": {"t": 1}}}"#,
        );
        let accounts = ChannelChange::Accounts(["x", "z"].map(String::from).into());
        let expected = [
            ("a", ChannelChange::Whole),
            ("b", accounts),
            ("d", ChannelChange::Whole),
            ("e", ChannelChange::Whole),
        ];
        let expected = expected.map(|(channel, change)| (channel.to_owned(), change));
        assert_eq!(changes.channels, BTreeMap::from(expected));
        assert!(changes.at_next_start.is_empty());
    }

    #[test]
    fn a_channel_goes_before_its_accounts() {
        let old = r#"{"channels": {"a": {"accounts": {"x": {"t": 1}}, "k": 1}}}"#;
        let new = r#"{"channels": {"a": {"accounts": {"x": {"t": 2}}, "k": 2}}}"#;
        for changes in [between(old, new), between(new, old)] {
            assert_eq!(changes.channels["a"], ChannelChange::Whole);
        }
    }

    #[test]
    fn what_waits_for_the_next_start_is_named() {
        let changes = between(
            r#"{"callbackPort": 1, "verbose": true}"#,
            r#"{"callbackPort": 2, "agentProxy": "http://p:1", "channels": {"a": {"async": true}}}"#,
        );
        let expected = ["callbackPort", "verbose", "agentProxy", "channels.a.async"];
        assert_eq!(texts(&changes.at_next_start), expected);
        assert!(changes.channels.is_empty() && !changes.every_plugin, "{changes:?}");
    }

    #[test]
    fn permissions_and_proxies_load_plugins_anew() {
        let changes = between(
            "{}",
            r#"{"pluginProxy": "http://p:1", "plugins": {"@a/b": {"permissions": {"net": ["h"]}}}}"#,
        );
        assert!(changes.every_plugin);
        assert_eq!(changes.plugins, BTreeSet::from(["@a/b".to_owned()]));
        assert!(changes.at_next_start.is_empty());
    }

    #[test]
    fn sections_that_plugins_share_are_told_apart() {
        let changes = between("{}", r#"{"messages": {"groupChat": {"historyLimit": 5}}}"#);
        assert_eq!(texts(&changes.shared), ["messages.groupChat.historyLimit"]);
    }
}
