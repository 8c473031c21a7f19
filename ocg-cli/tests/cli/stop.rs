//! `ocg stop` and `ocg restart` without a gateway; with one, see the end-to-end tests.

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn there_is_nothing_to_stop() {
    let sandbox = Sandbox::new();
    let stop = sandbox.run(&["stop"]);
    assert_seen!(&stop);
    assert_eq!(sandbox.run(&["restart"]), stop);
}

#[test]
fn a_process_id_that_was_left_behind_is_not_signalled() {
    let sandbox = Sandbox::new();
    // Our own process: signalling it would end the test.
    std::fs::write(sandbox.state().join("ocg.pid"), std::process::id().to_string()).unwrap();
    assert!(sandbox.run(&["stop"]).starts_with("exit: 3\n"));
}

#[test]
fn a_broken_configuration_is_no_obstacle() {
    assert!(Sandbox::with_config("{ broken").run(&["stop"]).starts_with("exit: 3\n"));
}
