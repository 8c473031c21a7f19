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
        for line in self.inbound_lines(message, agent) {
            tracing::info!(target: "ocg::turn", "{line}");
        }
    }

    pub(super) fn outbound(self, text: &str, messages: usize) {
        for line in self.outbound_lines(text, messages) {
            tracing::info!(target: "ocg::turn", "{line}");
        }
    }

    fn inbound_lines(self, message: &InboundMessage, agent: &AgentSettings) -> [String; 3] {
        let (from, session) = (one_line(&message.from), one_line(&message.session_key));
        [
            format!("📥 [IN]  From: {from} | Session: {session}"),
            format!("Body: {}", self.body(&message.text)),
            format!("→ {} @ {}", agent.model, agent.display_url()),
        ]
    }

    fn outbound_lines(self, text: &str, messages: usize) -> [String; 2] {
        let chars = text.chars().count();
        [format!("📤 [OUT] {chars} chars, {messages} blocks"), format!("Text: {}", self.body(text))]
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
    use crate::gateway::{AccountSettings, GatewaySettings};
    use crate::message::AccountKey;

    #[test]
    fn the_lines_are_those_that_users_know() {
        let account = AccountKey::new("openclaw-weixin", "main");
        let AccountSettings { agent, .. } = (GatewaySettings::default().accounts)(&account);
        let message = InboundMessage::direct(account, "wx_1", "Hi\nthere");
        let log = TurnLog { verbose: false };
        let lines = [
            log.inbound_lines(&message, &agent).join("\n"),
            log.outbound_lines("Grüße", 2).join("\n"),
        ];
        insta::assert_snapshot!(lines.join("\n"), @r"
        📥 [IN]  From: openclaw-weixin:wx_1 | Session: agent:main:openclaw-weixin:main:direct:wx_1
        Body: Hi\nthere
        → gpt-4o @ http://127.0.0.1:11434/v1/chat/completions
        📤 [OUT] 5 chars, 2 blocks
        Text: Grüße
        ");
    }

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
