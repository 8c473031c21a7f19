//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::candidate::Candidate;
use crate::load::Sizes;

/// Measures gateways between a fake WeChat and a fake agent.
///
/// Commands run through `sh`. In commands and configuration templates `{config}`, `{state}`,
/// `{agent_url}`, `{platform_url}` and `{platform_address}` are replaced; the same values are in the
/// environment (OCG_CONFIG_PATH, OCG_STATE_DIR, OPENCLAW_STATE_DIR, OCG_AGENT_URL).
#[derive(Debug, Parser)]
#[command(
    name = "ocg-bench",
    subcommand_negates_reqs = true,
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// A gateway to measure; may be repeated
    #[arg(long, value_name = "NAME=COMMAND", required = true)]
    gateway: Vec<String>,
    /// Run once before the gateway NAME is measured, for example to install the plugin
    #[arg(long, value_name = "NAME=COMMAND")]
    prepare: Vec<String>,
    /// State folder of the gateway NAME; without it an empty temporary one is made
    #[arg(long, value_name = "NAME=FOLDER")]
    state: Vec<String>,
    /// Configuration template of the gateway NAME, in place of an ocg.json
    #[arg(long, value_name = "NAME=FILE")]
    config: Vec<String>,
    /// Runs of each gateway
    #[arg(long, default_value_t = 5)]
    pub(crate) runs: usize,
    /// Messages one after the other, for the latency
    #[arg(long, default_value_t = 200)]
    sequential: usize,
    /// Messages in a burst
    #[arg(long, default_value_t = 200)]
    burst: usize,
    /// Chats in a burst
    #[arg(long, default_value_t = 50)]
    chats: usize,
    /// Bursts per run
    #[arg(long, default_value_t = 3)]
    bursts: usize,
    /// Users that wait for a slow agent
    #[arg(long, default_value_t = 10)]
    waiting: usize,
    /// How long the slow agent takes, in milliseconds
    #[arg(long, default_value_t = 2000)]
    slow_ms: u64,
    /// How long the gateway idles before it is weighed, in milliseconds
    #[arg(long, default_value_t = 5000)]
    idle_ms: u64,
    /// Longest time of any one measurement, in seconds
    #[arg(long, default_value_t = 120)]
    limit_s: u64,
    /// Also write the results, all samples included, to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What else can be measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start and idle of one `ocg` with WeChat, QQ and DingTalk, alone and together
    Platforms(PlatformArguments),
    /// Async mode: callbacks accepted per second and their latency, beside the disk's fsync rate
    Callbacks(CallbackArguments),
    /// How long `ocg --help` and the like take, beside a program that does nothing
    Commands(CommandArguments),
}

/// How [`Command::Commands`] measures.
#[derive(Debug, Args)]
pub(crate) struct CommandArguments {
    /// The program
    #[arg(long, value_name = "FILE", default_value = "target/release/ocg")]
    pub(crate) ocg: PathBuf,
    /// Runs of each command
    #[arg(long, default_value_t = 50)]
    pub(crate) runs: usize,
    /// Also write the results, all samples included, to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// How [`Command::Callbacks`] measures.
#[derive(Debug, Args)]
pub(crate) struct CallbackArguments {
    /// The program; it installs WeChat's plugin itself, from the npm registry
    #[arg(long, value_name = "FILE", default_value = "target/release/ocg")]
    pub(crate) ocg: PathBuf,
    /// Tokens that are pending; one column each
    #[arg(long, value_delimiter = ',', default_value = "10,10000")]
    pub(crate) pending: Vec<usize>,
    /// Runs with each number
    #[arg(long, default_value_t = 3)]
    pub(crate) runs: usize,
    /// Callbacks one after the other, for the latency
    #[arg(long, default_value_t = 1000)]
    pub(crate) latency: usize,
    /// Callbacks as fast as they are accepted
    #[arg(long, default_value_t = 5000)]
    pub(crate) load: usize,
    /// Connections over which these come
    #[arg(long, default_value_t = 64)]
    pub(crate) connections: usize,
    /// Pause before memory and latency are measured, in seconds: typing indicators last for two
    /// minutes
    #[arg(long, default_value_t = 125)]
    pub(crate) rest_s: u64,
    /// Longest time of any one measurement, in seconds
    #[arg(long, default_value_t = 300)]
    pub(crate) limit_s: u64,
    /// Also write the results, all samples included, to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// How [`Command::Platforms`] measures.
#[derive(Debug, Args)]
pub(crate) struct PlatformArguments {
    /// The program; it installs the plugins itself, from the npm registry
    #[arg(long, value_name = "FILE", default_value = "target/release/ocg")]
    pub(crate) ocg: PathBuf,
    /// Runs of each set of plugins
    #[arg(long, default_value_t = 7)]
    pub(crate) runs: usize,
    /// How long the gateway idles before it is weighed, in milliseconds
    #[arg(long, default_value_t = 10_000)]
    pub(crate) idle_ms: u64,
    /// Longest time until all platforms are connected, in seconds
    #[arg(long, default_value_t = 60)]
    pub(crate) limit_s: u64,
    /// Also write the results, all samples included, to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Arguments {
    /// Where the results go as JSON.
    pub(crate) fn json(&self) -> Option<&PathBuf> {
        match &self.command {
            Some(Command::Platforms(arguments)) => arguments.json.as_ref(),
            Some(Command::Callbacks(arguments)) => arguments.json.as_ref(),
            Some(Command::Commands(arguments)) => arguments.json.as_ref(),
            None => self.json.as_ref(),
        }
    }

    pub(crate) fn sizes(&self) -> Sizes {
        Sizes {
            sequential: self.sequential,
            burst: self.burst,
            chats: self.chats,
            bursts: self.bursts,
            waiting: self.waiting,
            slow: Duration::from_millis(self.slow_ms),
            idle: Duration::from_millis(self.idle_ms),
            limit: Duration::from_secs(self.limit_s),
        }
    }

    pub(crate) fn candidates(&self) -> Vec<Candidate> {
        let candidate = |gateway: &String| {
            let (name, command) = split(gateway);
            let of = |all: &[String]| {
                let found = all.iter().map(|entry| split(entry)).find(|(of, _)| *of == name);
                found.map(|(_, value)| value.to_owned())
            };
            let (prepare, config) = (of(&self.prepare), of(&self.config));
            let state = of(&self.state).map(PathBuf::from);
            Candidate::new(name, command, prepare, state, config.map(PathBuf::from))
        };
        self.gateway.iter().map(candidate).collect()
    }
}

fn split(entry: &str) -> (&str, &str) {
    entry.split_once('=').unwrap_or_else(|| panic!("{entry:?} is not NAME=VALUE"))
}
