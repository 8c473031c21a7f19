//! `ocg send`

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn without_a_gateway_it_needs_the_plugin() {
    let send = ["send", "--channel", "openclaw-weixin", "--to", "ann", "--text", "Hello"];
    assert_seen!(Sandbox::new().run(&send));
}

#[test]
fn there_must_be_something_to_send() {
    assert_seen!(Sandbox::new().run(&["send", "--channel", "openclaw-weixin", "--to", "ann"]));
}
