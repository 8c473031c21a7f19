//! `ocg status`

use std::os::unix::net::UnixListener;

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn without_a_gateway_the_settings_are_shown() {
    assert_seen!(Sandbox::with_config(r#"{"model": "m"}"#).run(&["status"]));
}

#[test]
fn without_a_gateway_in_json() {
    let seen = Sandbox::new().run(&["status", "--json"]);
    assert!(seen.starts_with("exit: 3\n--- stdout\n"), "{seen}");
    let status: serde_json::Value =
        serde_json::from_str(seen.split_once("--- stdout\n").unwrap().1).unwrap();
    assert_eq!(status["running"], false);
    assert_eq!(status["gateway"], serde_json::Value::Null);
    assert_eq!(status["settings"][0]["path"], "agentUrl");
}

#[test]
fn a_socket_that_a_killed_gateway_left_behind() {
    let sandbox = Sandbox::new();
    drop(UnixListener::bind(sandbox.state().join("ocg.sock")).unwrap());
    let seen = sandbox.run(&["status"]);
    assert!(seen.starts_with("exit: 3\n--- stdout\nNo gateway is running"), "{seen}");
}

#[test]
fn a_socket_on_which_something_else_answers() {
    use std::io::{BufRead, BufReader, Write};
    let sandbox = Sandbox::new();
    let listener = UnixListener::bind(sandbox.state().join("ocg.sock")).unwrap();
    let other = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        BufReader::new(&stream).read_line(&mut String::new()).unwrap();
        (&stream).write_all(b"220 mail.example.org ESMTP\r\n").unwrap();
    });
    assert_seen!(sandbox.run(&["status"]));
    other.join().unwrap();
}
