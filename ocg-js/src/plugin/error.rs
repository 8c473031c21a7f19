//! A plugin that cannot run.

use ocg_core::channel::ChannelError;
use ocg_core::config::ConfigError;
use ocg_core::error::Fault;

use crate::isolate::IsolateError;
use crate::permit::GrantError;

/// What can go wrong with a plugin besides a single delivery.
#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    /// The isolate could not start, died, or the plugin threw.
    #[error(transparent)]
    Isolate(#[from] IsolateError),
    /// A permission in the configuration is not understood.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// A change that the plugin made to the configuration could not be stored.
    #[error("cannot store the plugin's change of the configuration")]
    Config(#[from] ConfigError),
    /// A folder or file of the plugin's state could not be made.
    #[error("cannot write {}", path.display())]
    State {
        /// The folder or file.
        path: std::path::PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The host's own JavaScript answered something else than agreed.
    #[error("{function} answered in an unknown form")]
    Answer {
        /// The function that was called.
        function: &'static str,
        /// What is wrong with the answer.
        source: serde_json::Error,
    },
    /// The user broke it off.
    #[error("cancelled")]
    Cancelled,
}

impl PluginError {
    /// Whose side it is on.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Isolate(_) | Self::Answer { .. } => Fault::Plugin,
            Self::State { .. } => Fault::Machine,
            Self::Grant(_) | Self::Config(_) | Self::Cancelled => Fault::Config,
        }
    }
}

impl From<PluginError> for ChannelError {
    fn from(error: PluginError) -> Self {
        let fault = error.fault();
        Self { reason: describe(&error), fault, retryable: fault == Fault::Plugin }
    }
}

/// An error and its causes in one line.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
