//! The example of `docs/embedding.md`, run. It checks its own answer.

#[path = "../../examples/embed.rs"]
#[allow(unreachable_pub, reason = "the example is a program of its own")]
mod embed;

#[test]
fn the_example_gets_its_answer() {
    embed::main().unwrap();
}
