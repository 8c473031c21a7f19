//! What the gateway itself says to chat users: short, without addresses, keys or bodies.

use crate::dispatch::AgentError;

pub(super) const BUSY: &str =
    "⚠️ Too many messages are waiting in this chat. Please wait for an answer, then send it again.";
pub(super) const CALLBACK_NEVER_CAME: &str =
    "⚠️ Agent error: it has not answered in time. Please try again.";
pub(super) const EMPTY: &str = "⚠️ Agent gave an empty answer";
pub(super) const INTERNAL: &str = "⚠️ The gateway failed while answering. Please try again.";
pub(super) const PARTLY_LOST: &str = "⚠️ Part of the answer could not be delivered.";
pub(super) const EARLIER_LOST: &str = "⚠️ My last answer here did not get through completely.";
pub(super) const OUTDATED: &str =
    "⚠️ The gateway was down and could not answer in time. Please send your message again.";
pub(super) const STOPPED: &str =
    "⚠️ The gateway is restarting and could not answer. Please send your message again.";
pub(super) const UNSTORED: &str =
    "⚠️ The gateway cannot take messages at the moment. Please send your message again later.";

/// The agent failed.
pub(super) fn agent_error(error: &AgentError) -> String {
    format!("⚠️ {}", error.user_text())
}

/// A failure that the agent reports itself, in its own words.
pub(super) fn reported(text: &str) -> String {
    let text = text.trim();
    match text {
        "" => "⚠️ Agent error: it reported a failure".to_owned(),
        _ if text.starts_with('⚠') => text.to_owned(),
        _ => format!("⚠️ {text}"),
    }
}

/// A sender who is not approved yet.
pub(super) fn pairing(channel: &str, sender: &str, code: &str) -> String {
    format!(
        "This bot answers approved people only.\nYour id: {sender}\nPairing code: {code}\n\
         Ask the operator to run:\nocg pairing approve {channel} {code}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pairing_notice_says_what_to_run() {
        insta::assert_snapshot!(pairing("openclaw-weixin", "wx_1", "ABCD2345"), @r"
        This bot answers approved people only.
        Your id: wx_1
        Pairing code: ABCD2345
        Ask the operator to run:
        ocg pairing approve openclaw-weixin ABCD2345
        ");
    }
}
