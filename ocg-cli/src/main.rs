//! The `ocg` command.

fn main() {}
