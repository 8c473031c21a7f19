//! What every error of the gateway says about itself.

use std::fmt;

/// Whose side a failure is on: it decides what the operator is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The configuration or the command line.
    Config,
    /// The channel plugin.
    Plugin,
    /// The chat platform.
    Platform,
    /// The agent behind `agentUrl`.
    Agent,
    /// The machine: disk, memory, network.
    Machine,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Config => "configuration",
            Self::Plugin => "plugin",
            Self::Platform => "platform",
            Self::Agent => "agent",
            Self::Machine => "machine",
        })
    }
}
