//! What a command says when it cannot do its work, and the exit code that goes with it.

use std::error::Error;
use std::fmt::Write as _;

use crate::output::OutputError;

/// Exit codes, the same for every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Tried and failed.
    Failed = 1,
    /// Wrong usage or configuration: nothing was tried.
    Usage = 2,
    /// No gateway is running.
    NotRunning = 3,
}

/// A command that ended without doing its work.
#[derive(Debug)]
pub struct Failure {
    what: String,
    causes: Vec<String>,
    hint: Option<String>,
    exit: Exit,
    silent: bool,
}

impl Failure {
    /// The command tried and failed.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(what, Exit::Failed)
    }

    /// The command line or the configuration is wrong.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(what, Exit::Usage)
    }

    /// It needs a running gateway, and there is none.
    pub fn not_running(what: impl Into<String>) -> Self {
        Self::new(what, Exit::NotRunning)
    }

    /// Everything is on the screen already: only the exit code is left to give.
    pub fn reported(exit: Exit) -> Self {
        Self { silent: true, ..Self::new("", exit) }
    }

    fn new(what: impl Into<String>, exit: Exit) -> Self {
        Self { what: what.into(), causes: Vec::new(), hint: None, exit, silent: false }
    }

    /// Appends `error` and what lies behind it as causes.
    pub fn because(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            let text = error.to_string();
            // Wrapping errors often repeat the wrapped one; saying it once is enough.
            let said = self.causes.last().unwrap_or(&self.what);
            if !said.contains(&text) {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// Appends reasons that stand beside each other.
    pub fn because_of_each(mut self, reasons: impl IntoIterator<Item = String>) -> Self {
        self.causes.extend(reasons);
        self
    }

    /// Says what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// As [`Self::hint`], where there is something to say.
    pub fn hint_if(self, hint: Option<&str>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// What is wrong, its causes and the advice in one line, for the log and for reports.
    pub fn one_line(&self) -> String {
        let mut text = self.what.clone();
        for cause in &self.causes {
            let _ = write!(text, ": {cause}");
        }
        if let Some(hint) = &self.hint {
            let _ = write!(text, "; {hint}");
        }
        text
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// The text for standard error; empty if there is nothing left to say.
    pub fn render(&self, colour: bool) -> String {
        if self.silent {
            return String::new();
        }
        let (red, cyan, plain) =
            if colour { ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m") } else { ("", "", "") };
        let mut text = format!("{red}error:{plain} {}\n", self.what);
        for cause in &self.causes {
            let _ = writeln!(text, "  caused by: {cause}");
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "{cyan}hint:{plain} {hint}");
        }
        text
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        match error {
            // `ocg ... | head` has read what it wanted.
            OutputError::Closed => Self::reported(Exit::Done),
            OutputError::Failed(cause) => {
                Self::failed("cannot write to standard output").because(&cause)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot reach the agent: {0}")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("connection refused")]
    struct Inner;

    #[test]
    fn a_cause_that_was_said_already_is_not_repeated() {
        let text = Failure::failed("the test failed")
            .because(&Outer(Inner))
            .hint("start the agent")
            .render(false);
        assert_eq!(
            text,
            "error: the test failed\n  caused by: cannot reach the agent: connection refused\n\
             hint: start the agent\n"
        );
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let failure = Failure::from(OutputError::Closed);
        assert_eq!(failure.exit(), Exit::Done);
        assert_eq!(failure.render(true), "");
    }
}
