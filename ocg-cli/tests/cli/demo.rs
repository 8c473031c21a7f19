//! `ocg demo`: messages that go all the way round.

use crate::assert_seen;
use crate::sandbox::Sandbox;

#[test]
fn the_echo_agent_answers_what_is_said() {
    assert_seen!(Sandbox::new().run(&["demo", "--echo", "--say", "Hello"]));
}

#[test]
fn several_messages_are_answered_in_order() {
    assert_seen!(Sandbox::new().run(&["demo", "--echo", "--say", "one", "--say", "two\nlines"]));
}

#[test]
fn lines_are_read_from_a_pipe() {
    assert_seen!(Sandbox::new().run_with_input(&["demo", "--echo"], "Hello\n\nsecond, no newline"));
}

#[test]
fn nothing_to_say_is_fine() {
    assert_seen!(Sandbox::new().run(&["demo", "--echo"]));
}

#[test]
fn a_long_answer_arrives_whole() {
    let text = "word ".repeat(2_000);
    let seen = Sandbox::new().run(&["demo", "--echo", "--say", text.trim()]);
    assert!(seen.starts_with("exit: 0"), "{seen}");
    let answer = seen.split_once("agent>").unwrap().1;
    assert_eq!(answer.matches("word").count(), 2_000);
}

#[test]
fn an_agent_that_is_not_there_is_told_in_the_chat() {
    let sandbox =
        Sandbox::with_config(r#"{"agentUrl": "http://127.0.0.1:1/v1", "agentRetries": 0}"#);
    assert_seen!(sandbox.run(&["demo", "--say", "Hello"]));
}

#[test]
fn a_broken_configuration_stops_a_demo_that_needs_it() {
    let sandbox = Sandbox::with_config("{");
    assert_seen!(sandbox.run(&["demo", "--say", "Hello"]));
}

#[test]
fn the_echo_agent_needs_no_configuration() {
    let seen = Sandbox::with_config("{").run(&["demo", "--echo", "--say", "Hello"]);
    assert!(seen.starts_with("exit: 0"), "{seen}");
}
