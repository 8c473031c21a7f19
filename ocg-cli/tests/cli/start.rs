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
fn a_callback_port_that_is_taken() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let config = format!(
        r#"{{"async": true, "callbackHost": "127.0.0.1", "callbackPort": {port}, "callbackSecret": "s"}}"#
    );
    let seen = Sandbox::with_config(&config).run(&["start"]);
    let seen = format!("{seen:?}");
    assert!(seen.contains(&format!("port {port} on 127.0.0.1 is in use")), "{seen}");
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
