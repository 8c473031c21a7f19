//! The host as an isolate sees it.

use async_trait::async_trait;
use serde_json::Value;

/// What JavaScript reaches through `ocg:host`. Called on the isolate's thread: implementations
/// must not block it.
#[async_trait]
pub trait Host: Send + Sync {
    /// `hostCall(op, args)`: the promise settles with the answer.
    async fn call(&self, op: &str, args: Value) -> Result<Value, HostError>;

    /// `hostCallSync(op, args)`: the caller waits, so the answer must take microseconds.
    fn call_sync(&self, op: &str, args: Value) -> Result<Value, HostError> {
        let _ = args;
        Err(HostError::new(format!("unknown host operation {op}")))
    }

    /// `hostNotify(op, args)`: nobody waits for an answer.
    fn notify(&self, op: &str, args: Value);

    /// What the plugin wrote to `process.stdout`.
    fn stdout(&self, text: &str);

    /// What the plugin wrote to `process.stderr`.
    fn stderr(&self, text: &str);
}

/// A refused or failed host call; JavaScript sees an `Error` with this message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HostError {
    /// What is wrong, for the plugin's log.
    pub message: String,
    /// The error's `code` in JavaScript.
    pub code: Option<String>,
}

impl HostError {
    /// An error without a code.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: None }
    }

    /// The same error with a `code`.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}
