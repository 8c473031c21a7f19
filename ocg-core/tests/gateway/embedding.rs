//! The example of `docs/embedding.md`, run. It checks its own answer.

#[path = "../../examples/embed.rs"]
mod embed;

#[test]
fn the_example_gets_its_answer() {
    embed::main().unwrap();
}
