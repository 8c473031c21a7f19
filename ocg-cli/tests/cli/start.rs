//! `ocg start`: what it refuses

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn there_is_nothing_to_start() {
    assert_seen!(Sandbox::new().run(&["start"]));
}

#[test]
fn a_channel_whose_plugin_is_not_installed() {
    let sandbox = Sandbox::with_config(r#"{"channels": {"openclaw-weixin": {}}}"#);
    assert_seen!(sandbox.run(&["start"]));
}

#[test]
fn a_channel_that_nobody_knows() {
    let sandbox = Sandbox::with_config(r#"{"channels": {"carrier-pigeon": {}}}"#);
    assert_seen!(sandbox.run(&["start"]));
}

#[test]
fn async_mode_is_not_there_yet() {
    assert_seen!(Sandbox::with_config(r#"{"async": true}"#).run(&["start"]));
}

#[test]
fn async_mode_of_one_account_is_refused_as_well() {
    let sandbox = Sandbox::with_config(
        r#"{"channels": {"openclaw-weixin": {"accounts": {"bot": {"async": true}}}}}"#,
    );
    assert_seen!(sandbox.run(&["start"]));
}

#[test]
fn a_state_folder_that_cannot_be_made() {
    let sandbox = Sandbox::with_config("{}");
    let state = sandbox.config().join("below-a-file");
    let variables = [("OCG_STATE_DIR", state.to_str().unwrap())];
    let config = sandbox.config();
    let args = ["start", "--config", config.to_str().unwrap()];
    assert_seen!(sandbox.run_with_env(&args, &variables));
}

#[test]
fn one_gateway_per_state_folder() {
    let sandbox = Sandbox::new();
    // Holds the lock as a running gateway does.
    let lock = std::fs::File::create(sandbox.state().join("ocg.pid")).unwrap();
    lock.lock().unwrap();
    std::fs::write(sandbox.state().join("ocg.pid"), "4711\n").unwrap();
    assert_seen!(sandbox.run(&["start"]));
}
