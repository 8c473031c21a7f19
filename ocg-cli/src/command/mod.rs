//! One file per command.

mod completions;
mod version;

use crate::cli::{Cli, Command};
use crate::failure::Failure;

/// Runs the command.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Version => version::run(),
        Command::Completions { shell } => completions::run(shell),
        _ => Err(Failure::failed("not built yet")),
    }
}
