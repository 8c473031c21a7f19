//! `ocg channels`

use crate::assert_seen;
use crate::sandbox::Sandbox;

const DISABLED: &str = r#"{"channels": {"openclaw-weixin": {"enabled": false}}}"#;

#[test]
fn nothing_is_configured() {
    assert_seen!(Sandbox::new().run(&["channels", "list"]));
}

#[test]
fn a_channel_without_its_plugin() {
    assert_seen!(Sandbox::with_config(DISABLED).run(&["channels", "list"]));
}

#[test]
fn the_list_has_a_json_form() {
    assert_seen!(Sandbox::with_config(DISABLED).run(&["channels", "list", "--json"]));
}

#[test]
fn status_needs_a_gateway() {
    assert_seen!(Sandbox::new().run(&["channels", "status"]));
}

#[test]
fn start_and_stop_need_a_gateway() {
    let sandbox = Sandbox::new();
    let start = sandbox.run(&["channels", "start", "--channel", "openclaw-weixin"]);
    assert_seen!(&start);
    assert_eq!(sandbox.run(&["channels", "stop", "--channel", "openclaw-weixin"]), start);
}

#[test]
fn login_needs_the_plugin() {
    assert_seen!(Sandbox::new().run(&["channels", "login", "--channel", "openclaw-weixin"]));
}

#[test]
fn login_to_a_channel_that_nobody_knows() {
    assert_seen!(Sandbox::new().run(&["channels", "login", "--channel", "carrier-pigeon"]));
}

#[test]
fn add_needs_a_channel() {
    assert_seen!(Sandbox::new().run(&["channels", "add", "--token", "t"]));
}

#[test]
fn add_needs_the_plugin() {
    assert_seen!(Sandbox::new().run(&["channels", "add", "--channel", "qqbot", "--token", "1:a"]));
}

#[test]
fn remove_of_what_is_not_there() {
    assert_seen!(Sandbox::new().run(&["channels", "remove", "--channel", "telegram"]));
}

#[test]
fn remove_without_the_plugin_edits_the_file() {
    let config = "{\n  // kept\n  \"channels\": {\"telegram\": {\"botToken\": \"t\"}}\n}\n";
    let sandbox = Sandbox::with_config(config);
    assert_seen!(sandbox.run(&["channels", "remove", "--channel", "telegram"]));
    let text = std::fs::read_to_string(sandbox.config()).unwrap();
    assert!(text.contains("// kept") && !text.contains("telegram"), "{text}");
}

#[test]
fn import_needs_a_folder() {
    assert_seen!(Sandbox::new().run(&["channels", "import"]));
}
