//! The `ocg` command: parses the command line, runs one command, says what went wrong.

#![allow(unreachable_pub, reason = "in a binary, `pub` means: for the other modules")]

mod cli;
mod command;
mod context;
mod control;
mod daemon;
mod demo;
mod failure;
mod gateway;
mod logging;
mod next_step;
mod output;
mod panic;
mod running;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use tokio::runtime;

use crate::cli::{Cli, Command};
use crate::daemon::LogDestination;
use crate::failure::{Exit, Failure};

fn main() -> ExitCode {
    panic::install_hook();
    let result = match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(usage) => return ExitCode::from(show_usage(&usage) as u8),
    };
    let exit = match result {
        Ok(()) => Exit::Done,
        Err(failure) => {
            let text = failure.render(output::colours(&std::io::stderr()));
            let _ = std::io::stderr().write_all(text.as_bytes());
            failure.exit()
        }
    };
    ExitCode::from(exit as u8)
}

/// Prints help, the version, or what is wrong with the command line.
fn show_usage(usage: &clap::Error) -> Exit {
    // Help that nobody reads any more is no failure.
    let _ = usage.print();
    if usage.use_stderr() { Exit::Usage } else { Exit::Done }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let level = match (&cli.command, cli.global.verbose) {
        (_, true) => "info,ocg=debug,ocg_core=debug,ocg_js=debug,ocg_callback=debug",
        (Command::Start(_), false) => "info",
        _ => "warn",
    };
    let log = log_destination(&cli)?;
    if let Command::Start(args) = &cli.command
        && args.background
        && !args.detached
    {
        return daemon::launch(&log);
    }
    logging::set_up(level, &log)?;
    // A gateway waits most of the time, and each plugin has a thread of its own: one thread serves
    // the rest, without the cost of waking others for every step of a turn.
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed("cannot start the runtime").because(&error))?;
    let result = runtime.block_on(command::run(cli, log));
    // Reading the terminal cannot be interrupted; it must not keep the process alive.
    runtime.shutdown_background();
    result
}

fn log_destination(cli: &Cli) -> Result<LogDestination, Failure> {
    match &cli.command {
        Command::Start(args) => {
            LogDestination::of(args, &context::location(&cli.global)).map_err(context::unusable)
        }
        _ => Ok(LogDestination::Terminal),
    }
}
