//! The person at the other end of a login.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{Mutex, mpsc};

use super::question::Question;
use crate::isolate::HostError;

/// Where a login talks to a person.
pub trait LoginTerminal: Send + Sync {
    /// Prints text as the plugin wrote it.
    fn print(&self, text: &str);

    /// Shows `link` as a QR code, with the plugin's words about it.
    fn show_code(&self, link: &str, message: &str);

    /// Stops showing what is typed, for a secret, or shows it again.
    fn hide_typing(&self, _hidden: bool) {}
}

/// A terminal and the lines that are typed there.
pub(in crate::plugin) struct LoginSession {
    pub(in crate::plugin) terminal: Arc<dyn LoginTerminal>,
    /// Lines that answer questions; a plugin that reads its input by itself gets them elsewhere.
    lines: Mutex<mpsc::Receiver<Vec<u8>>>,
}

impl LoginSession {
    pub(super) fn new(terminal: Arc<dyn LoginTerminal>, lines: mpsc::Receiver<Vec<u8>>) -> Self {
        Self { terminal, lines: Mutex::new(lines) }
    }

    /// Asks until the answer makes sense.
    pub(in crate::plugin) async fn ask(&self, question: Value) -> Result<Value, HostError> {
        let question: Question = serde_json::from_value(question)
            .map_err(|error| HostError::new(format!("login.ask: {error}")))?;
        let mut lines = self.lines.lock().await;
        loop {
            let line = {
                // Before the question is seen: an answer may be typed at once.
                let _hidden = question.sensitive.then(|| HiddenTyping::begin(&*self.terminal));
                self.terminal.print(&question.text());
                lines.recv().await
            };
            let line = line.ok_or_else(|| {
                HostError::new("the login asks a question, and nothing more is typed")
            })?;
            match question.read(&String::from_utf8_lossy(&line)) {
                Ok(answer) => return Ok(answer),
                Err(advice) => self.terminal.print(&format!("{advice}\n")),
            }
        }
    }
}

/// Typing is shown again when this ends, also when the login is cancelled in the middle.
struct HiddenTyping<'a>(&'a dyn LoginTerminal);

impl<'a> HiddenTyping<'a> {
    fn begin(terminal: &'a dyn LoginTerminal) -> Self {
        terminal.hide_typing(true);
        Self(terminal)
    }
}

impl Drop for HiddenTyping<'_> {
    fn drop(&mut self) {
        self.0.hide_typing(false);
        // The end of the line was not shown either.
        self.0.print("\n");
    }
}
