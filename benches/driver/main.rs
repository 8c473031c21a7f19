//! Load driver: starts gateways against the fake WeChat and the fake agent, and measures them.
//!
//! | file | idea |
//! |---|---|
//! | `arguments` | the command line |
//! | `candidate` | a gateway that is measured: how it is prepared, started and stopped |
//! | `stage` | the fakes and the files of one run |
//! | `process_tree` | CPU time and memory, children included |
//! | `run` | one run: every measurement, in order |
//! | `load` | the measurements that send messages |
//! | `ceiling` | the same calls without a gateway: what the machine allows |
//! | `platforms` | WeChat, QQ and DingTalk, alone and together |
//! | `callbacks` | async mode: callbacks accepted, with few and with many tokens pending |
//! | `commands` | commands that need no gateway, beside a program that does nothing |
//! | `disk` | what the disk itself allows |
//! | `series`, `report`, `machine` | medians, the table and the JSON, where it was measured |
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod callbacks;
mod candidate;
mod ceiling;
mod commands;
mod disk;
mod load;
mod machine;
mod platforms;
mod process_tree;
mod report;
mod run;
mod series;
mod stage;

use arguments::{Arguments, Command};
use clap::Parser;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let report = match &arguments.command {
        Some(Command::Platforms(arguments)) => platforms::measure(arguments).await,
        Some(Command::Callbacks(arguments)) => callbacks::measure(arguments).await,
        Some(Command::Commands(arguments)) => commands::measure(arguments),
        None => gateways(&arguments).await,
    };
    println!("{}", report.table());
    if let Some(path) = arguments.json() {
        std::fs::write(path, format!("{:#}\n", report.json())).unwrap();
    }
}

/// Measures gateways with WeChat.
async fn gateways(arguments: &Arguments) -> report::Report {
    let mut columns = vec![ceiling::measure(&arguments.sizes()).await];
    for candidate in arguments.candidates() {
        candidate.prepare().await;
        eprintln!("{}: warm-up", candidate.name);
        run::warm_up(&candidate, &arguments.sizes()).await;
        let mut series = series::Series::default();
        for number in 1..=arguments.runs {
            eprintln!("{}: run {number} of {}", candidate.name, arguments.runs);
            run::measure(&candidate, &arguments.sizes(), &mut series).await;
        }
        columns.push(report::Column {
            name: candidate.name.clone(),
            command: candidate.command.clone(),
            series,
        });
    }
    report::Report { columns, runs: arguments.runs, about: arguments.sizes().describe() }
}
