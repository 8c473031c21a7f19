//! One file per command.

mod channels;
mod completions;
mod config;
mod demo;
mod man;
mod pairing;
mod plugins;
mod restart;
mod send;
mod start;
mod status;
mod stop;
mod test;
mod version;

use std::time::Duration;

use crate::cli::{Cli, Command};
use crate::daemon::LogDestination;
use crate::failure::Failure;

/// Runs the command. `log` is where its log goes.
pub async fn run(cli: Cli, log: LogDestination) -> Result<(), Failure> {
    let global = &cli.global;
    match cli.command {
        Command::Start(args) => start::run(global, args, log).await,
        Command::Stop => stop::run(global).await,
        Command::Restart => restart::run(global).await,
        Command::Status { json } => status::run(global, json).await,
        Command::Test { offline, wait } => {
            test::run(global, offline, Duration::from_secs(wait)).await
        }
        Command::Demo { echo, say } => demo::run(global, echo, say).await,
        Command::Channels { action } => channels::run(global, action).await,
        Command::Plugins { action } => plugins::run(global, action).await,
        Command::Pairing { action } => pairing::run(global, action).await,
        Command::Send(args) => send::run(global, args).await,
        Command::Config { action } => config::run(global, action),
        Command::Version => version::run(),
        Command::Completions { shell } => completions::run(shell),
        Command::Man { folder } => man::run(&folder),
    }
}
