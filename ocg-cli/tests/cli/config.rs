//! `ocg config`, and every way in which a configuration can be wrong.

use std::os::unix::fs::PermissionsExt;

use crate::assert_seen;
use crate::sandbox::Sandbox;

fn validated(text: impl AsRef<[u8]>) -> String {
    Sandbox::with_config(text).run(&["config", "validate"])
}

#[test]
fn a_good_file_is_valid() {
    assert_seen!(validated(
        "// with a comment\n{\"agentUrl\": \"http://127.0.0.1:8080/v1/chat/completions\",}"
    ));
}

#[test]
fn no_file_is_valid() {
    assert_seen!(Sandbox::new().run(&["config", "validate"]));
}

#[test]
fn a_file_that_was_asked_for_must_exist() {
    assert_seen!(Sandbox::new().run(&["config", "validate", "--config", "missing.json"]));
}

#[test]
fn a_file_named_by_the_environment_must_exist() {
    let sandbox = Sandbox::new();
    let variables = [("OCG_CONFIG_PATH", "missing.json")];
    assert_seen!(sandbox.run_with_env(&["config", "validate"], &variables));
}

#[test]
fn a_folder_is_no_file() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.config()).unwrap();
    assert_seen!(sandbox.run(&["config", "validate"]));
}

#[test]
fn an_unreadable_file_is_an_error() {
    let sandbox = Sandbox::with_config("{}");
    let nobody = std::fs::Permissions::from_mode(0o000);
    std::fs::set_permissions(sandbox.config(), nobody).unwrap();
    if std::fs::read(sandbox.config()).is_ok() {
        return; // root reads everything
    }
    assert_seen!(sandbox.run(&["config", "validate"]));
}

#[test]
fn a_broken_file_is_shown_with_its_line() {
    assert_seen!(validated("{\n  \"model\": \"a\"\n  \"verbose\": true\n}\n"));
}

#[test]
fn a_cut_off_file_is_an_error() {
    assert_seen!(validated("{\"model\": \"a\""));
}

#[test]
fn an_empty_file_is_an_error() {
    assert_seen!(validated(""));
}

#[test]
fn a_list_is_no_configuration() {
    assert_seen!(validated("[1, 2]"));
}

#[test]
fn bytes_that_are_no_text_are_an_error() {
    assert_seen!(validated(b"{\n\"model\": \"\xff\xfe\"}"));
}

#[test]
fn a_number_in_place_of_a_text() {
    assert_seen!(validated("{\n  \"model\": 42\n}"));
}

#[test]
fn a_text_in_place_of_a_switch() {
    assert_seen!(validated("{\"verbose\": \"yes\"}"));
}

#[test]
fn a_list_in_place_of_the_channels() {
    assert_seen!(validated("{\"channels\": []}"));
}

#[test]
fn a_text_in_place_of_a_channel() {
    assert_seen!(validated("{\"channels\": {\"openclaw-weixin\": \"on\"}}"));
}

#[test]
fn a_negative_time() {
    assert_seen!(validated("{\"agentTimeoutMs\": -1}"));
}

#[test]
fn a_url_that_is_none() {
    assert_seen!(validated("{\"agentUrl\": \"127.0.0.1:8080\"}"));
}

#[test]
fn a_url_of_another_kind() {
    assert_seen!(validated("{\"agentUrl\": \"ftp://example.org/\"}"));
}

#[test]
fn a_url_in_the_environment_that_is_none() {
    let variables = [("OCG_AGENT_URL", "nonsense")];
    assert_seen!(Sandbox::new().run_with_env(&["config", "validate"], &variables));
}

#[test]
fn an_unknown_key_is_a_warning_with_the_nearest() {
    assert_seen!(validated("{\"agentURL\": \"http://127.0.0.1/\", \"colour\": 1}"));
}

#[test]
fn a_secret_from_an_unset_variable() {
    assert_seen!(validated("{\"apiKey\": \"${OCG_TEST_KEY}\"}"));
}

#[test]
fn a_secret_from_a_missing_file() {
    assert_seen!(validated("{\"apiKey\": {\"file\": \"key.txt\"}}"));
}

#[test]
fn a_proxy_that_is_none() {
    assert_seen!(validated("{\"proxy\": \"ftp://user:hunter2@proxy\"}"));
}

#[test]
fn every_command_refuses_a_broken_file() {
    let sandbox = Sandbox::with_config("{");
    for args in [
        &["start"] as &[&str],
        &["status"],
        &["test"],
        &["config", "show"],
        &["channels", "list"],
        &["plugins", "list"],
        &["pairing", "list"],
    ] {
        let seen = sandbox.run(args);
        assert!(seen.starts_with("exit: 2\n--- stderr\nerror: "), "{args:?}: {seen}");
        assert!(seen.contains("ocg.json:1:"), "{args:?}: {seen}");
    }
}

#[test]
fn show_says_where_values_come_from() {
    let sandbox = Sandbox::with_config(
        r#"{
            "model": "from-the-file", "apiKey": "sk-secret",
            "channels": {"openclaw-weixin": {"model": "for-wechat", "botToken": "t0k3n"}}
        }"#,
    );
    let variables = [("OCG_AGENT_URL", "http://user:pw@127.0.0.1:9/v1?key=k3y")];
    let seen = sandbox.run_with_env(&["config", "show"], &variables);
    for secret in ["sk-secret", "t0k3n", "user", "pw@", "k3y"] {
        assert!(!seen.contains(secret), "{secret} is printed: {seen}");
    }
    assert_seen!(seen);
}

#[test]
fn show_has_a_json_form() {
    let seen = Sandbox::with_config(r#"{"model": "m"}"#).run(&["config", "show", "--json"]);
    let json = seen.split_once("--- stdout\n").unwrap().1;
    let entries: Vec<serde_json::Value> = serde_json::from_str(json).unwrap();
    let model = entries.iter().find(|entry| entry["path"] == "model").unwrap();
    let expected = serde_json::json!(
        {"path": "model", "value": "m", "source": "[ROOT]/state/ocg.json"}
    );
    assert_eq!(*model, expected);
}

#[test]
fn the_schema_is_json() {
    let seen = Sandbox::new().run(&["config", "schema"]);
    let schema: serde_json::Value =
        serde_json::from_str(seen.split_once("--- stdout\n").unwrap().1).unwrap();
    assert_eq!(schema["title"], "ocg.json");
    assert!(schema["properties"]["agentUrl"].is_object());
}

#[test]
fn get_prints_what_the_file_says() {
    let sandbox = Sandbox::with_config(r#"{"channels": {"x": {"enabled": false, "n": [1, 2]}}}"#);
    assert_seen!(sandbox.run(&["config", "get", "channels.x"]));
}

#[test]
fn get_prints_texts_without_quotes() {
    let sandbox = Sandbox::with_config(r#"{"model": "gpt-4o"}"#);
    assert_seen!(sandbox.run(&["config", "get", "model"]));
}

#[test]
fn get_of_what_is_not_set() {
    assert_seen!(Sandbox::with_config("{}").run(&["config", "get", "channels.x.y"]));
}

#[test]
fn get_of_what_is_no_path() {
    assert_seen!(Sandbox::with_config("{}").run(&["config", "get", "a..b"]));
}

#[test]
fn set_changes_one_value_and_nothing_else() {
    let before = "{\n  // mine\n  \"model\": \"a\", // keep\n  \"verbose\": false,\n}\n";
    let sandbox = Sandbox::with_config(before);
    let seen = sandbox.run(&["config", "set", "model", "b"]);
    assert!(seen.starts_with("exit: 0"), "{seen}");
    let after = std::fs::read_to_string(sandbox.config()).unwrap();
    assert_eq!(after, before.replace("\"a\"", "\"b\""));
}

#[test]
fn set_creates_the_file_for_its_owner_only() {
    let sandbox = Sandbox::new();
    let seen = sandbox.run(&["config", "set", "channels.openclaw-weixin.enabled", "false"]);
    assert!(seen.starts_with("exit: 0"), "{seen}");
    let mode = std::fs::metadata(sandbox.config()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let seen = sandbox.run(&["config", "get", "channels.openclaw-weixin.enabled"]);
    assert_eq!(seen, "exit: 0\n--- stdout\nfalse\n");
}

#[test]
fn set_refuses_what_would_not_be_valid() {
    let sandbox = Sandbox::with_config("{\"model\": \"a\"}");
    assert_seen!(sandbox.run(&["config", "set", "verbose", "maybe"]));
    assert_eq!(std::fs::read_to_string(sandbox.config()).unwrap(), "{\"model\": \"a\"}");
}

#[test]
fn set_of_an_unknown_key_is_a_warning() {
    assert_seen!(Sandbox::with_config("{}").run(&["config", "set", "modle", "x"]));
}

#[test]
fn set_keeps_a_secret_to_itself() {
    let seen = Sandbox::with_config("{}").run(&["config", "set", "apiKey", "sk-secret"]);
    assert!(seen.starts_with("exit: 0") && !seen.contains("sk-secret"), "{seen}");
}

#[test]
fn commands_that_write_at_the_same_time_lose_nothing() {
    let sandbox = Sandbox::with_config("{\n  // kept\n  \"model\": \"m\"\n}\n");
    let writers: Vec<_> = (0..12)
        .map(|number| {
            let path = format!("channels.c{number}.token");
            sandbox.command(&["config", "set", &path, "t"]).spawn().unwrap()
        })
        .collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    let text = std::fs::read_to_string(sandbox.config()).unwrap();
    assert_eq!(text.matches("\"token\"").count(), 12, "{text}");
    assert!(text.contains("// kept"), "{text}");
}

#[test]
fn the_schema_is_printed_as_json_and_as_a_page() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run(&["config", "schema"]).starts_with("exit: 0\n--- stdout\n{\n"));
    let page = sandbox.run(&["config", "schema", "--markdown"]);
    assert!(page.contains("| `agentUrl` | http url | http://127.0.0.1:"), "{page}");
}
