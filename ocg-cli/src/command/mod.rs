//! One file per command.

mod channels;
mod completions;
mod config;
mod demo;
mod pairing;
mod plugins;
mod send;
mod start;
mod status;
mod test;
mod version;

use crate::cli::{Cli, Command};
use crate::failure::Failure;

/// Runs the command.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let global = &cli.global;
    match cli.command {
        Command::Start => start::run(global).await,
        Command::Status { json } => status::run(global, json).await,
        Command::Test { offline } => test::run(global, offline).await,
        Command::Demo { echo, say } => demo::run(global, echo, say).await,
        Command::Channels { action } => channels::run(global, action).await,
        Command::Plugins { action } => plugins::run(global, action).await,
        Command::Pairing { action } => pairing::run(global, action).await,
        Command::Send(args) => send::run(global, args).await,
        Command::Config { action } => config::run(global, action),
        Command::Version => version::run(),
        Command::Completions { shell } => completions::run(shell),
    }
}
