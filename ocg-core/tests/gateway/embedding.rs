//! The examples of `docs/embedding.md`, run. They check their own answers.

#[path = "../../examples/embed.rs"]
#[allow(unreachable_pub, reason = "the example is a program of its own")]
mod embed;
#[path = "../../examples/native_channel.rs"]
#[allow(unreachable_pub, reason = "the example is a program of its own")]
mod native_channel;

#[test]
fn the_example_gets_its_answer() {
    embed::main().unwrap();
}

#[test]
fn the_channel_answers_and_sends() {
    native_channel::main().unwrap();
}
