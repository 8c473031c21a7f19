//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Connects chat platforms to an OpenAI-compatible agent through OpenClaw's channel plugins.
#[derive(Debug, Parser)]
#[command(name = "ocg", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// Configuration file [default: $OCG_CONFIG_PATH, ./ocg.json, ~/.openclaw-channel-gateway/ocg.json]
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Log more: whole messages and what goes on inside
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// What `ocg` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the gateway
    Start(StartArgs),
    /// Stop the running gateway when the turns in progress are done
    Stop,
    /// Restart the running gateway, with the same arguments
    Restart,
    /// Show the running gateway, its accounts and the effective settings
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Send a test message through the gateway to the agent
    Test {
        /// Only use the built-in mock agent
        #[arg(long)]
        offline: bool,
        /// How long to wait for the callback in async mode
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        wait: u64,
    },
    /// Chat with the agent in this terminal, without any account
    Demo {
        /// Answer with a built-in echo agent instead of the configured one
        #[arg(long)]
        echo: bool,
        /// Send this message and end after the reply; may be repeated
        #[arg(long, value_name = "TEXT")]
        say: Vec<String>,
    },
    /// Set channels up, log in to them, start and stop them
    Channels {
        /// What to do.
        #[command(subcommand)]
        action: ChannelsAction,
    },
    /// Install and examine channel plugins
    Plugins {
        /// What to do.
        #[command(subcommand)]
        action: PluginsAction,
    },
    /// Decide who may talk to the agent
    Pairing {
        /// What to do.
        #[command(subcommand)]
        action: PairingAction,
    },
    /// Send a message to a chat
    Send(SendArgs),
    /// Read, change and check the configuration
    Config {
        /// What to do.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Print the versions of ocg and of what it is made of
    Version,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder
    #[command(hide = true)]
    Man {
        /// The folder
        folder: PathBuf,
    },
}

/// `ocg start`
#[derive(Debug, Args)]
pub struct StartArgs {
    /// Run in the background: return when the gateway is up
    #[arg(short = 'd', long, visible_alias = "daemon")]
    pub background: bool,
    /// Write the log to this file instead of the terminal
    #[arg(long, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
    /// Write the log to ocg.log in this folder [default with -d: logs/ in the state folder]
    #[arg(long, value_name = "DIR", conflicts_with = "log_file")]
    pub log_dir: Option<PathBuf>,
    /// This is the process in the background that another one waits for.
    #[arg(long, hide = true, requires = "background")]
    pub detached: bool,
}

/// `ocg channels ...`
#[derive(Debug, Subcommand)]
pub enum ChannelsAction {
    /// List the configured channels
    List {
        /// Also those that installed plugins offer
        #[arg(long)]
        all: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the accounts of the running gateway
    Status {
        /// Only this channel
        #[arg(long, value_name = "ID", value_parser = channel)]
        channel: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Set an account up with the values that its plugin names
    ///
    /// Without values, the ones that the channel takes are listed. A value of - is read from
    /// standard input, and ${NAME} stays in the file as a reference to an environment variable.
    Add(AddArgs),
    /// Remove a channel or one account of it from the configuration
    Remove(AccountArgs),
    /// Take over logins that OpenClaw or the original gateway left in ~/.openclaw
    Import {
        /// Only this channel
        #[arg(long, value_name = "ID", value_parser = channel)]
        channel: Option<String>,
        /// The folder to take them from [default: ~/.openclaw]
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// Log in to a channel, by QR code where the platform wants that
    Login(AccountArgs),
    /// Start a channel or one account of it on the running gateway
    Start(AccountArgs),
    /// Stop a channel or one account of it on the running gateway
    Stop(AccountArgs),
    /// Stop a channel or one account of it on the running gateway and start it again
    Restart(AccountArgs),
}

/// A channel and, where it matters, one of its accounts.
#[derive(Debug, Args)]
pub struct AccountArgs {
    /// Channel id, such as openclaw-weixin
    #[arg(long, value_name = "ID", value_parser = channel)]
    pub channel: String,
    /// Account id
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,
}

/// `ocg channels add`
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Channel id, such as qqbot
    #[arg(long, value_name = "ID", value_parser = channel)]
    pub channel: Option<String>,
    /// Account id
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,
    /// Values that the channel takes, such as --token APPID:SECRET
    #[arg(value_name = "--KEY VALUE", trailing_var_arg = true, allow_hyphen_values = true)]
    pub values: Vec<String>,
}

/// `ocg plugins ...`
#[derive(Debug, Subcommand)]
pub enum PluginsAction {
    /// Install a plugin from the npm registry
    Install {
        /// Package, such as @tencent-weixin/openclaw-weixin or name@1.2.3
        package: String,
        /// Take versions that are only a few days old
        #[arg(long)]
        allow_fresh: bool,
    },
    /// List the installed plugins
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Update one plugin, or all of them
    Update {
        /// Package
        package: Option<String>,
        /// Take versions that are only a few days old
        #[arg(long)]
        allow_fresh: bool,
    },
    /// Remove a plugin
    Remove {
        /// Package
        package: String,
    },
    /// Show what a plugin needs and whether ocg has it
    Check {
        /// Package
        #[arg(required_unless_present = "all")]
        package: Option<String>,
        /// Compare all installed plugins
        #[arg(long, conflicts_with = "package")]
        all: bool,
        /// With --all, print the table of docs/plugins.md
        #[arg(long, requires = "all", conflicts_with = "json")]
        markdown: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the Node modules and globals that plugins find
    NodeApi {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// `ocg pairing ...`
#[derive(Debug, Subcommand)]
pub enum PairingAction {
    /// List the senders who wait for approval, and those who have it
    List {
        /// Only this channel
        #[arg(long, value_name = "ID", value_parser = channel)]
        channel: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let the sender with this code talk to the agent
    Approve(PairingArgs),
    /// Refuse the sender with this code
    Deny(PairingArgs),
}

/// A pairing request.
#[derive(Debug, Args)]
pub struct PairingArgs {
    /// Channel id
    #[arg(long, value_name = "ID", value_parser = channel)]
    pub channel: String,
    /// The code that the sender was shown
    pub code: String,
}

/// `ocg send`
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true).args(["text", "media_url"])))]
pub struct SendArgs {
    /// Channel id
    #[arg(long, value_name = "ID", value_parser = channel)]
    pub channel: String,
    /// The chat, as the platform calls it
    #[arg(long, value_name = "TARGET")]
    pub to: String,
    /// Text to send
    #[arg(long)]
    pub text: Option<String>,
    /// File to send along: a URL, or a path on this machine
    #[arg(long, value_name = "URL")]
    pub media_url: Option<String>,
    /// Account to send from
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,
    /// Message to reply to
    #[arg(long, value_name = "MESSAGE")]
    pub reply_to: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `ocg config ...`
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Print one setting as it stands in the file, or the whole file
    Get {
        /// Path of keys, such as channels.openclaw-weixin.enabled
        path: Option<String>,
    },
    /// Change one setting and leave the rest of the file as it is
    Set {
        /// Path of keys
        path: String,
        /// JSON, or text that is taken as a string
        value: String,
    },
    /// Print the effective settings and where each comes from
    Show {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check the file
    Validate,
    /// Print the JSON Schema of the file
    Schema {
        /// Print a page for people to read
        #[arg(long)]
        markdown: bool,
    },
}

/// A channel by its id, or by the one that the original gateway had for it.
fn channel(id: &str) -> Result<String, std::convert::Infallible> {
    Ok(ocg_core::config::channel_id(id).to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;

    use super::*;

    /// The commands below `command`, each with its words: `channels add`.
    fn below(command: &clap::Command, words: &str) -> Vec<(String, clap::Command)> {
        let mut all = Vec::new();
        for one in command.get_subcommands() {
            let words = format!("{words} {}", one.get_name()).trim().to_owned();
            all.extend(below(one, &words));
            all.push((words, one.clone()));
        }
        all
    }

    fn snapshot(file: &str) -> Option<String> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/flows/snapshots");
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/snapshots");
        std::fs::read_to_string(own.join(file))
            .or_else(|_| std::fs::read_to_string(tests.join(file)))
            .ok()
    }

    /// What the snapshots lack of a command: help, and where it does something, a run that succeeds,
    /// one that fails, and one with `--json` if it takes that.
    fn lacks(words: &str, command: &clap::Command) -> Vec<&'static str> {
        let name = words.replace(' ', "_");
        let mut lacks = Vec::new();
        if snapshot(&format!("cli__help__every_command_explains_itself@{name}.snap")).is_none() {
            lacks.push("help");
        }
        if command.has_subcommands() {
            return lacks;
        }
        let runs = snapshot(&format!("flows__every_command__every_command@{name}.snap"));
        let runs = runs.unwrap_or_default();
        let runs: Vec<&str> = runs.split("\n$ ").skip(1).collect();
        let of_command = |run: &&&str| run.starts_with(&format!("ocg {words}"));
        let failed = |run: &&&str| run.contains("[exit code ");
        let runs = || runs.iter().filter(of_command);
        if !runs().any(|run| !failed(&run)) {
            lacks.push("success");
        }
        if !runs().any(|run| failed(&run)) {
            lacks.push("failure");
        }
        let takes_json = command.get_arguments().any(|argument| argument.get_id() == "json");
        let as_json = |run: &&str| run.lines().next().is_some_and(|line| line.contains(" --json"));
        if takes_json && !runs().any(|run| as_json(run) && !failed(&run)) {
            lacks.push("--json");
        }
        if takes_json && !include_str!("../../docs/operations.md").contains(&json_of(words)) {
            lacks.push("its JSON in docs/operations.md");
        }
        lacks
    }

    fn json_of(words: &str) -> String {
        format!("`ocg {words} --json`")
    }

    #[test]
    fn every_command_is_shown_in_a_snapshot() {
        let lacking: Vec<_> = below(&Cli::command(), "")
            .iter()
            .map(|(words, command)| (words.clone(), lacks(words, command)))
            .filter(|(_, lacks)| !lacks.is_empty())
            .collect();
        assert!(lacking.is_empty(), "add them to tests/flows/every_command.rs: {lacking:#?}");
    }
}
