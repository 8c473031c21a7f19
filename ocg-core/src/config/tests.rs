//! The configuration from file text to effective values.

use std::fs;
use std::path::Path;

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::*;
use crate::admit::{DmPolicy, GroupPolicy};

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().copied().collect()
}

fn state() -> StateDir {
    StateDir::new("/state", None)
}

fn parse_with(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::parse(text, "/etc/ocg.json", state(), &environment(variables))
}

fn parse(text: &str) -> Config {
    parse_with(text, &[]).unwrap()
}

fn error(text: &str) -> String {
    parse_with(text, &[]).unwrap_err().to_string()
}

#[test]
fn wrong_files_say_where_and_what_to_do() {
    let files = [
        ("", "empty"),
        ("// nothing\n", "only a comment"),
        ("[1]", "a list"),
        ("{\n  \"model\": \"m\"\n  \"apiKey\": \"sk-secret\"\n}", "comma missing"),
        ("{\n  \"model\": \"m\",\n  \"apiKey\": sk-secret\n}", "no quotes"),
        ("{ 'model': 'm' }", "single quotes"),
        ("{ \"model\" \"m\" }", "colon missing"),
        ("{ \"model\": \"m\"", "not closed"),
        ("{ \"model\": \"m\" } }", "too many braces"),
        ("{ \"model\": \"m", "text not closed"),
        ("{\n\t\"callbackPort\": \"3457\"\n}", "number in quotes"),
        ("{ \"callbackPort\": 70000 }", "port too large"),
        ("{ \"agentTimeoutMs\": -5 }", "negative time"),
        ("{ \"agentTimeoutMs\": 1.5 }", "fraction"),
        ("{ \"maxConcurrentTurns\": 0 }", "zero"),
        ("{ \"agentUrl\": \"localhost:11434\" }", "no URL"),
        ("{ \"agentUrl\": \"ftp://me:s3cret@h/\" }", "wrong scheme"),
        ("{ \"apiKey\": 12345 }", "secret as number"),
        ("{ \"apiKey\": { \"file\": \"a\", \"env\": \"s3cret\" } }", "secret object"),
        ("{ \"headers\": { \"X Y\": \"s3cret\" } }", "header name"),
        ("{ \"proxy\": \"s3cret://x\" }", "proxy"),
        ("{ \"channels\": [] }", "channels as list"),
        ("{ \"session\": { \"dmScope\": \"per-chat\" } }", "scope"),
        ("{ \"messages\": [\"s3cret\"] }", "a section of OpenClaw as list"),
        ("{ \"channels\": { \"a\": [] } }", "channel as list"),
        ("{ \"channels\": { \"a\": { \"enabled\": \"yes\", \"token\": \"s3cret\" } } }", "switch"),
        ("{ \"channels\": { \"a\": { \"dmPolicy\": \"alowlist\" } } }", "policy"),
        (
            "{ \"channels\": { \"a\": { \"accounts\": { \"b\": { \"apiKey\": \"${NOPE}\" } } } } }",
            "variable",
        ),
        (
            "{ \"channels\": { \"a\": { \"deep\": [{ \"token\": \"${NOPE}\" }] } } }",
            "plugin's variable",
        ),
        ("{ \"callbackSecret\": { \"file\": \"/nowhere/s\" } }", "secret file"),
        ("{ \"apiKey\": \"a\\nb\" }", "line break"),
        ("{ \"plugins\": { \"p\": { \"permissions\": { \"net\": true } } } }", "grant"),
    ];
    let report: String =
        files.into_iter().map(|(text, name)| format!("--- {name}\n{}\n", error(text))).collect();
    for secret in ["s3cret", "sk-secret", "12345"] {
        assert!(!report.contains(secret), "{secret} shown in\n{report}");
    }
    insta::assert_snapshot!(report);
}

#[test]
fn dubious_keys_are_warned_about() {
    let config = parse(
        r#"{
  "$schema": "./ocg.schema.json",
  "agentURL": "http://x/",
  "modell": "m",
  "whatever": 1,
  "history": { "maxturns": 2 },
  "model": "a",
  "model": "b",
  "channels": { "x": { "botToken": "t", "history": { "maxTurn": 1 }, "accounts": { "a": { "own": 1 } } } },
  "plugins": { "p": { "permission": {}, "permissions": { "nett": [] } } }, // trailing comma
}"#,
    );
    let warnings: Vec<String> = config.warnings().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(warnings.join("\n"));
    assert_eq!(config.default_agent().model.value, "b");
}

#[test]
fn sections_of_openclaw_reach_the_plugins() {
    let text = r#"{
        "session": { "dmScope": "per-peer", "store": "~/s.json", "reset": { "mode": "idle" } },
        "messages": { "ackReaction": "x" }, "commands": { "text": true },
        "agents": { "list": [{ "id": "main" }] }, "accessGroups": {},
        "bindings": [{ "agentId": "main", "match": { "channel": "x" } }],
        "gateway": { "auth": { "token": "s3cret" } }, "model": "m"
    }"#;
    let config = parse(text);
    assert_eq!(config.warnings(), []);
    let mut expected: Value = serde_json::from_str(text).unwrap();
    expected.as_object_mut().unwrap().shift_remove("model");
    expected["channels"] = json!({});
    assert_eq!(*config.plugin_view(), expected);
    let broken = error(&text.replace("\"m\"", "1"));
    assert!(!broken.contains("s3cret"), "{broken}");
}

#[test]
fn unreadable_places_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let load = |name: &str| {
        let location = Location {
            explicit: Some(name.into()),
            working_dir: dir.path().to_owned(),
            environment: environment(&[("HOME", "/home/u")]),
        };
        let message = Config::load(&location).unwrap_err().to_string();
        message.replace(&dir.path().display().to_string(), "DIR")
    };
    fs::create_dir(dir.path().join("folder")).unwrap();
    fs::write(dir.path().join("latin1.json"), b"{\n\"model\": \"\xe4\"}").unwrap();
    let names = ["missing.json", "folder", "latin1.json"];
    insta::assert_snapshot!(names.map(load).join("\n"));
}

#[test]
fn the_file_is_looked_for_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let at = |path: &str| dir.path().join(path);
    fs::create_dir(at("state")).unwrap();
    for (path, model) in [
        ("named.json", "named"),
        ("env.json", "env"),
        ("ocg.json", "local"),
        ("state/ocg.json", "state"),
    ] {
        fs::write(at(path), format!("\u{feff}{{\"model\": \"{model}\"}}")).unwrap();
    }
    let state = at("state").display().to_string();
    let env = at("env.json").display().to_string();
    let model = |explicit: Option<&str>, variables: &[(&str, &str)], folder: &Path| {
        let mut variables = variables.to_vec();
        variables.push(("OCG_STATE_DIR", &state));
        let location = Location {
            explicit: explicit.map(Into::into),
            working_dir: folder.to_owned(),
            environment: environment(&variables),
        };
        Config::load(&location).unwrap().default_agent().model.value
    };
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(model(Some("named.json"), &[("OCG_CONFIG_PATH", &env)], dir.path()), "named");
    assert_eq!(model(None, &[("OCG_CONFIG_PATH", &env)], dir.path()), "env");
    assert_eq!(model(None, &[], dir.path()), "local");
    assert_eq!(model(None, &[], elsewhere.path()), "state");
    fs::remove_file(at("state/ocg.json")).unwrap();
    assert_eq!(model(None, &[], elsewhere.path()), "gpt-4o");
}

#[test]
fn state_folders_follow_the_environment() {
    let dirs = |variables: &[(&str, &str)]| {
        let location = Location {
            explicit: None,
            working_dir: "/work".into(),
            environment: environment(variables),
        };
        let state = location.state_dir().unwrap();
        format!("{} {}", state.root().display(), state.plugin_state().display())
    };
    let home = ("HOME", "/home/u");
    assert_eq!(
        dirs(&[home]),
        "/home/u/.openclaw-channel-gateway /home/u/.openclaw-channel-gateway/openclaw"
    );
    assert_eq!(dirs(&[home, ("OCG_STATE_DIR", "s")]), "/work/s /work/s/openclaw");
    assert_eq!(
        dirs(&[home, ("OCG_STATE_DIR", "~/s"), ("OPENCLAW_STATE_DIR", "/o")]),
        "/home/u/s /o"
    );
    assert!(matches!(Location::default().state_dir(), Err(ConfigError::NoHome)));
}

const LAYERS: &str = r#"{
  "agentUrl": "http://global/v1", "model": "global", "apiKey": "global-key",
  "headers": { "X-A": "global", "X-B": "global" },
  "systemPrompt": "global",
  "channels": { "c": {
    "model": "channel", "headers": { "x-b": "channel" }, "history": { "maxTurns": 4 },
    "accounts": { "a": { "agentUrl": "http://account/v1", "apiKey": "", "systemPrompt": "", "async": true } }
  } }
}"#;

#[test]
fn account_beats_channel_beats_environment_beats_file_beats_default() {
    let config =
        parse_with(LAYERS, &[("OCG_MODEL", "env"), ("OCG_AGENT_URL", "http://env/v1")]).unwrap();
    let account = config.agent_for("c", "a");
    let named = |source: &Source| source.to_string();
    assert_eq!(account.url.value.as_str(), "http://account/v1");
    assert_eq!(named(&account.url.source), "channels.c.accounts.a");
    assert_eq!(
        (account.model.value.as_str(), named(&account.model.source)),
        ("channel", "channels.c".into())
    );
    assert!(account.api_key.is_none() && account.system_prompt.is_none());
    assert!(account.asynchronous.value);
    assert_eq!(account.history_turns.value, 4);
    let headers: Vec<_> = account
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.value.expose_secret().to_owned()))
        .collect();
    assert_eq!(headers, [("x-a", "global".to_owned()), ("x-b", "channel".to_owned())]);

    let channel = config.agent_for("c", "other");
    assert_eq!(channel.url.value.as_str(), "http://env/v1");
    assert_eq!(named(&channel.url.source), "environment variable OCG_AGENT_URL");
    assert_eq!(channel.api_key.unwrap().value.expose_secret(), "global-key");

    let other = config.agent_for("unknown", "a");
    assert_eq!(other.model.value, "env");
    assert_eq!(named(&other.system_prompt.unwrap().source), "/etc/ocg.json");
    assert_eq!(named(&other.asynchronous.source), "default");
}

#[test]
fn wrong_environment_variables_are_named() {
    let errors = [
        ("OCG_AGENT_URL", "localhost"),
        ("OCG_VERBOSE", "maybe"),
        ("OCG_LOG_FORMAT", "xml"),
        ("HTTPS_PROXY", "s3cret://x"),
    ]
    .map(|variable| parse_with("{}", &[variable]).unwrap_err().to_string());
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn secrets_come_from_variables_and_files() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("key"), "from-file\n").unwrap();
    let text = r#"{ "apiKey": { "file": "key" }, "callbackSecret": "${SECRET}",
        "headers": { "X": "${SECRET}", "Y": "plain ${SECRET}" } }"#;
    let path = dir.path().join("ocg.json");
    let config =
        Config::parse(text, &path, state(), &environment(&[("SECRET", "from-env")])).unwrap();
    let agent = config.default_agent();
    assert_eq!(agent.api_key.unwrap().value.expose_secret(), "from-file");
    assert_eq!(agent.headers["x"].value.expose_secret(), "from-env");
    assert_eq!(agent.headers["y"].value.expose_secret(), "plain ${SECRET}");
    assert_eq!(config.settings.callback.secret.unwrap().value.expose_secret(), "from-env");
    assert_eq!(config.settings.send.secret.unwrap().value.expose_secret(), "from-env");
    assert!(config.settings.send.enabled.value);
}

const PLUGINS: &str = r#"{
  "apiKey": "own", "callbackSecret": "own", "proxy": "http://u:own@p:1", "session": { "dmScope": "main" },
  "channels": {
    "c": { "apiKey": "own", "agentUrl": "http://own:own@agent/", "token": "${T}", "list": [{ "key": "${T}" }],
           "accounts": { "a": { "headers": { "x": "own" }, "secret": "${T}" },
                         "off": { "enabled": false, "secret": "${UNSET}" } } },
    "off": { "enabled": false, "apiKey": "${UNSET}", "token": "${UNSET}" }
  }
}"#;

#[test]
fn plugins_see_their_secrets_and_none_of_the_gateways() {
    let config = parse_with(PLUGINS, &[("T", "t0ken")]).unwrap();
    assert_eq!(
        *config.plugin_view(),
        json!({
            "session": { "dmScope": "main" },
            "channels": {
                "c": { "token": "t0ken", "list": [{ "key": "t0ken" }],
                       "accounts": { "a": { "secret": "t0ken" },
                                     "off": { "enabled": false, "secret": "${UNSET}" } } },
                "off": { "enabled": false, "token": "${UNSET}" }
            }
        })
    );
    let agent = config.agent_for("c", "a");
    let debug = format!("{config:?} {agent:?} {:?}", agent.settings());
    assert!(!debug.contains("own") && !debug.contains("t0ken"), "{debug}");
}

#[test]
fn accounts_refine_their_channel() {
    let config = parse(
        r#"{ "replyChunkSize": 900, "channels": {
            "c": { "dmPolicy": "pairing", "allowFrom": ["u1", 42], "groupPolicy": "disabled",
                   "replyChunkSize": 500, "blockStreaming": false,
                   "accounts": { "a": { "dmPolicy": "allowlist", "allowFrom": ["u2"], "blockStreaming": true },
                                 "b": { "enabled": false } } },
            "off": { "enabled": false, "accounts": { "a": {} } } },
          "plugins": { "p": { "permissions": { "net": ["h:1"], "env": false } } } }"#,
    );
    let policy = config.sender_policy("c", "a");
    assert_eq!((policy.dm, policy.group), (DmPolicy::Allowlist, GroupPolicy::Disabled));
    assert_eq!(policy.allow_from, ["u2"]);
    assert_eq!(config.sender_policy("c", "").allow_from, ["u1", "42"]);
    assert_eq!(config.sender_policy("x", "y"), Default::default());
    let enabled = |channel, account| config.account_enabled(channel, account);
    assert!(enabled("c", "a") && enabled("c", "new") && !enabled("c", "b") && !enabled("off", "a"));
    assert!(!config.channel_enabled("missing"));
    assert_eq!(config.reply_chunk_size("c", "a").unwrap().value, 500);
    assert_eq!(config.reply_chunk_size("x", "a").unwrap().value, 900);
    assert!(config.block_streaming("c", "a").unwrap().value);
    assert!(!config.block_streaming("c", "x").unwrap().value);
    assert!(config.block_streaming("x", "x").is_none());
    let permissions = config.plugin_permissions("p");
    assert_eq!(permissions.net, Grant::Also(vec!["h:1".into()]));
    assert_eq!((permissions.env, permissions.read), (Grant::Nothing, Grant::default()));
}

#[test]
fn the_configured_proxy_wins_over_the_environment() {
    let env = [("HTTPS_PROXY", "http://env:1"), ("no_proxy", "intern.example")];
    let config = parse_with(r#"{ "agentProxy": "direct" }"#, &env).unwrap();
    assert_eq!(config.agent_http().proxies, Default::default());
    let plugins = &config.plugin_http().proxies;
    assert_eq!(plugins.https, Some("http://env:1".parse().unwrap()));
    assert_eq!((plugins.http.clone(), plugins.loopback_direct), (None, true));
    assert_eq!(plugins.no_proxy.as_deref(), Some("intern.example"));
    let config =
        parse_with(r#"{ "proxy": "${P}", "noProxy": "x" }"#, &[env[0], ("P", "socks5://u:p@s:1")])
            .unwrap();
    let proxies = &config.agent_http().proxies;
    assert_eq!(proxies.http, Some("socks5://u:p@s:1".parse().unwrap()));
    assert_eq!((proxies.no_proxy.as_deref(), proxies.loopback_direct), (Some("x"), false));
    assert_eq!(config.plugin_http(), config.agent_http());
}

#[test]
fn effective_settings_are_shown_without_secrets() {
    let env = [("T", "t0ken"), ("OCG_MODEL", "m")];
    let config = parse_with(
        r#"{ "apiKey": "s3cret", "agentUrl": "http://me:s3cret@h/v1?key=s3cret", "proxy": "http://u:s3cret@p:1",
             "headers": { "X": "s3cret" }, "extraCaCerts": ["ca.pem"],
             "channels": { "c": { "token": "${T}", "enabled": true, "dmPolicy": "open",
                                  "accounts": { "a": { "model": "n", "n": 1 } } } } }"#,
        &env,
    )
    .unwrap();
    let entries: Vec<String> = config
        .entries()
        .iter()
        .map(|entry| format!("{} = {} ({})", entry.key, entry.value, entry.source))
        .collect();
    let shown = entries.join("\n");
    assert!(!shown.contains("s3cret") && !shown.contains("t0ken"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn the_schema_has_every_key_and_no_key_twice() {
    let schema = schema();
    let properties = schema["properties"].as_object().unwrap();
    for key in ["agentUrl", "async", "callbackTokenTTL", "extraCaCerts", "$schema", "channels"] {
        assert!(properties.contains_key(key), "{key}");
    }
    // Every key that is shown as a setting of the file is one that the schema knows.
    let config = parse("{}");
    for entry in config.entries() {
        let Some(Step::Key(key)) = entry.key.steps().first() else { panic!("{entry:?}") };
        assert!(properties.contains_key(key), "{key}");
    }
    let shown =
        |key: &str| config.entries().iter().filter(|entry| entry.key.to_string() == key).count();
    assert_eq!((shown("agentRetries"), shown("model"), shown("sendSecret")), (1, 1, 1));
}

#[test]
fn edits_leave_the_rest_of_the_file_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ocg.json");
    let text = "{\n  // mine\n  \"model\": \"a\", // why\n  \"channels\": {\n    \"c\": { \"token\": \"${T}\" }\n  }\n}\n";
    fs::write(&path, text).unwrap();
    let key = |path: &str| path.parse::<KeyPath>().unwrap();
    edit::set_value(&path, &key("model"), &json!("b")).unwrap();
    edit::set_value(&path, &key("channels.c.accounts.a.enabled"), &json!(true)).unwrap();
    edit::set_value(&path, &key("extraCaCerts"), &json!(["x", "y"])).unwrap();
    edit::set_value(&path, &key("extraCaCerts[1]"), &json!("z")).unwrap();
    edit::merge_patch(&path, &json!({ "verbose": true, "channels": { "d": { "n": 1.5 } } }))
        .unwrap();
    edit::remove_value(&path, &key("channels.none")).unwrap();
    insta::assert_snapshot!(fs::read_to_string(&path).unwrap());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_section_with_a_former_id_is_the_channels_of_today() {
    let text =
        r#"{ "channels": { "dingtalk-connector": { "agentUrl": "http://x/", "clientId": "c" } } }"#;
    let config = parse(text);
    let ids: Vec<&str> = config.channel_ids().collect();
    assert_eq!(ids, ["dingtalk"]);
    assert_eq!(config.agent_for("dingtalk", "default").url.value.as_str(), "http://x/");
    assert_eq!(*config.plugin_view(), json!({"channels": {"dingtalk": {"clientId": "c"}}}));
    let warnings: Vec<String> = config.warnings().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(warnings.join("\n"));

    // What is wrong in it is shown where it is, and what changes in it is written there.
    let wrong = error(&text.replace("\"c\"", "\"c\", \"enabled\": 1"));
    assert!(wrong.starts_with("/etc/ocg.json:1:94: "), "{wrong}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ocg.json");
    fs::write(&path, text).unwrap();
    let new = json!({"channels": {"dingtalk": {"clientId": "d"}}});
    edit::apply_plugin_config(&path, config.plugin_view(), &new).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text.replace("\"c\"", "\"d\""));
}

#[test]
fn the_section_of_today_goes_before_the_one_with_a_former_id() {
    let config =
        parse(r#"{ "channels": { "dingtalk": { "a": 1 }, "dingtalk-connector": { "a": 2 } } }"#);
    assert_eq!(*config.plugin_view(), json!({"channels": {"dingtalk": {"a": 1}}}));
    let warning = config.warnings()[0].to_string();
    assert!(
        warning.contains("dingtalk-connector means the channel dingtalk, whose own"),
        "{warning}"
    );
}

#[test]
fn edits_that_would_break_the_file_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ocg.json");
    let key = |path: &str| path.parse::<KeyPath>().unwrap();
    fs::write(&path, "{ \"model\": \"a\" }").unwrap();
    let errors = [
        edit::set_value(&path, &key("callbackPort"), &json!("x")),
        edit::set_value(&path, &key("model.name"), &json!("x")),
        edit::set_value(&path, &key("channels[0]"), &json!("x")),
        edit::set_value(&path, &key("agentUrl"), &json!("nowhere")),
    ]
    .map(|result| {
        result.unwrap_err().to_string().replace(&dir.path().display().to_string(), "DIR")
    });
    insta::assert_snapshot!(errors.join("\n"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "{ \"model\": \"a\" }");
    fs::write(&path, "{ broken").unwrap();
    assert!(edit::set_value(&path, &key("model"), &json!("b")).is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "{ broken");
}

#[test]
fn a_first_setting_creates_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new").join("ocg.json");
    edit::set_value(&path, &KeyPath::of(["channels", "c", "enabled"]), &json!(true)).unwrap();
    let value: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(value, json!({ "channels": { "c": { "enabled": true } } }));
}

#[test]
fn what_plugins_write_never_costs_a_secret_reference() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ocg.json");
    fs::write(&path, PLUGINS).unwrap();
    let environment = environment(&[("T", "t0ken")]);
    let view = || {
        let text = fs::read_to_string(&path).unwrap();
        Config::parse(&text, &path, state(), &environment).unwrap().plugin_view().clone()
    };
    let old = view();
    let mut new = old.clone();
    new["channels"]["c"]["updatedAt"] = json!("now");
    new["channels"]["c"]["token"] = json!("other");
    new["channels"]["c"]["list"].as_array_mut().unwrap().push(json!({ "key": "t0ken", "n": 2 }));
    new["channels"]["c"]["accounts"].as_object_mut().unwrap().remove("a");
    new["session"] = json!("not below channels");
    let changes = edit::apply_plugin_config(&path, &old, &new).unwrap();
    let shown = |keys: &[KeyPath]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(shown(&changes.written), ["channels.c.list", "channels.c.updatedAt"]);
    assert_eq!(shown(&changes.kept), ["channels.c.token", "channels.c.accounts.a.secret"]);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("t0ken"), "{text}");
    let written = view();
    assert_eq!(written["channels"]["c"]["updatedAt"], "now");
    assert_eq!(written["channels"]["c"]["token"], "t0ken");
    assert_eq!(
        written["channels"]["c"]["list"],
        json!([{ "key": "t0ken" }, { "key": "t0ken", "n": 2 }])
    );
    assert_eq!(written["session"]["dmScope"], "main");
    // The same again changes nothing.
    let again = edit::apply_plugin_config(&path, &written, &written).unwrap();
    assert_eq!(again, edit::PluginChanges::default());
}

#[test]
fn every_key_is_documented() {
    let page = fs::read_to_string("../docs/configuration.md").unwrap();
    for section in
        ["", "SessionSection", "HistorySection", "ChannelSection", "PluginSection", "Permissions"]
    {
        let mut keys = schema::keys_of(section).peekable();
        assert!(keys.peek().is_some(), "{section}");
        for key in keys {
            let written =
                ["`", ".", "\""].iter().any(|before| page.contains(&format!("{before}{key}")));
            assert!(written, "docs/configuration.md lacks {key}");
        }
    }
}

#[test]
fn the_shipped_schema_is_current() {
    let shipped = fs::read_to_string("../docs/ocg.schema.json").unwrap_or_default();
    let current = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    assert!(shipped == current, "run: ocg config schema > docs/ocg.schema.json\n{current}");
}
