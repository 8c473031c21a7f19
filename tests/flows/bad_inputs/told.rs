//! What is kept of what was said.

use std::fmt;

/// The words that a bad input led to.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Warnings and errors, or what a command printed.
    pub(super) operator: String,
    /// The last message in the chat.
    pub(super) chat: Option<String>,
}

impl Told {
    /// The warnings and errors of a gateway's output, down to the first line with one of `last`.
    pub(super) fn of_log(output: &str, last: &[&str]) -> Self {
        let mut operator = String::new();
        let mut kept = false;
        for line in output.lines() {
            if starts_entry(line) {
                kept = [" WARN ", " ERROR ", "error: "].iter().any(|mark| line.contains(mark));
            }
            if kept {
                operator.push_str(line);
                operator.push('\n');
                if last.iter().any(|words| line.contains(words)) {
                    break;
                }
            }
        }
        Self { operator, chat: None }
    }

    /// What a command printed to standard error.
    pub(super) fn of_command(stderr: String) -> Self {
        Self { operator: stderr, chat: None }
    }

    /// Also keeps what the chat user was told.
    pub(super) fn in_chat(self, text: &str) -> Self {
        Self { chat: Some(text.to_owned()), ..self }
    }

    /// Fails the test if a person should not have been told so.
    pub(super) fn checked(self, secrets: &[&str]) -> Self {
        let text = self.to_string();
        assert!(!text.contains("panicked"), "{text}");
        for secret in secrets {
            assert!(!text.contains(secret), "{secret:?} is printed: {text}");
        }
        self
    }
}

/// Whether a log entry starts here; its further lines are indented or a stack.
fn starts_entry(line: &str) -> bool {
    line.as_bytes().first().is_some_and(u8::is_ascii_digit) && line.contains('T')
        || line.starts_with("error: ")
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--- operator\n{}", self.operator)?;
        match &self.chat {
            Some(text) => write!(f, "--- chat\n{text}\n"),
            None => Ok(()),
        }
    }
}

/// Compares with the committed snapshot, without what differs from run to run.
macro_rules! assert_told {
    ($told:expr) => {{
        let told = $told;
        insta::with_settings!({
            omit_expression => true,
            filters => vec![
                (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "[TIME]"),
                (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]"),
                (r"(/[\w.-]+)*/ocg-test-\w+", "[HOME]"),
                (r"sha512-[A-Za-z0-9+/]+=*", "sha512-[HASH]"),
                (r"[0-9a-f]{64}", "[ID]"),
                // The pause has a random part.
                (r"starts again in \d+ s", "starts again in [N] s"),
                // Resolvers differ, and there may be no network.
                (r"failed to lookup address information: [^;\n]+", "failed to lookup address information: [WHY]"),
            ],
        }, {
            insta::assert_snapshot!(told);
        });
    }};
}

pub(super) use assert_told;
