//! What can go wrong at an isolate's handle.

use super::IsolateEnd;
use ocg_core::error::Fault;

/// A failed start, import or call.
#[derive(Debug, thiserror::Error)]
pub enum IsolateError {
    /// JavaScript threw, or the promise was rejected.
    #[error(transparent)]
    Exception(#[from] JsException),
    /// Nothing was exposed under that name.
    #[error("the isolate of plugin {plugin} exposes no function {function:?}")]
    NoSuchFunction {
        /// The isolate's name.
        plugin: String,
        /// The function that was asked for.
        function: String,
    },
    /// The isolate has ended, before or during the call.
    #[error(transparent)]
    Ended(#[from] IsolateEnd),
    /// The thread or its runtime could not be made.
    #[error("cannot start the isolate of plugin {plugin}: {source}")]
    Start {
        /// The isolate's name.
        plugin: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The engine could not be set up.
    #[error("cannot set up the JavaScript engine for plugin {plugin}: {reason}")]
    Engine {
        /// The isolate's name.
        plugin: String,
        /// The engine's own words.
        reason: String,
    },
}

impl IsolateError {
    /// Whose side the failure is on.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Exception(_) | Self::NoSuchFunction { .. } => Fault::Plugin,
            Self::Ended(IsolateEnd::Panicked { .. }) => Fault::Machine,
            Self::Ended(_) => Fault::Plugin,
            Self::Start { .. } | Self::Engine { .. } => Fault::Machine,
        }
    }
}

/// A JavaScript exception on its way out of the isolate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", place.as_ref().map(|place| format!(" (at {place})")).unwrap_or_default())]
pub struct JsException {
    /// `Name: message`, without the name for a plain `Error`, followed by its causes.
    pub message: String,
    /// The error's `code`, where it has one.
    pub code: Option<String>,
    /// `file:line:column` of the plugin's code that does not compile or failed while it was
    /// loaded.
    pub place: Option<String>,
    /// One frame per line; the plugin's files are named from their package on.
    pub stack: String,
}
