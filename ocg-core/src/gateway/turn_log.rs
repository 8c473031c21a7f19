//! The log lines of a turn.

use crate::dispatch::AgentSettings;
use crate::message::InboundMessage;

/// Characters of a body that are shown unless the log is verbose.
const SHOWN: usize = 200;

/// Writes one turn's lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct TurnLog {
    pub(super) verbose: bool,
}

impl TurnLog {
    pub(super) fn inbound(self, message: &InboundMessage, agent: &AgentSettings) {
        let from = one_line(&message.from);
        let session = one_line(&message.session_key);
        tracing::info!(target: "ocg::turn", "📥 [IN]  From: {from} | Session: {session}");
        tracing::info!(target: "ocg::turn", "Body: {}", self.body(&message.text));
        tracing::info!(target: "ocg::turn", "→ {} @ {}", agent.model, agent.display_url());
    }

    pub(super) fn outbound(self, text: &str, messages: usize) {
        let chars = text.chars().count();
        tracing::info!(target: "ocg::turn", "📤 [OUT] {chars} chars, {messages} blocks");
        tracing::info!(target: "ocg::turn", "Text: {}", self.body(text));
    }

    fn body(self, text: &str) -> String {
        if self.verbose {
            return one_line(text);
        }
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", one_line(&text[..end])),
            None => one_line(text),
        }
    }
}

/// Control characters written out: a chat user cannot forge log lines or steer the terminal.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_cut_unless_verbose() {
        let text = "ä".repeat(300);
        assert_eq!(TurnLog { verbose: false }.body(&text), format!("{}…", "ä".repeat(200)));
        assert_eq!(TurnLog { verbose: true }.body(&text), text);
    }

    #[test]
    fn a_body_stays_on_its_line() {
        assert_eq!(one_line("a\n\u{1b}[31mb"), "a\\n\\u{1b}[31mb");
    }
}
