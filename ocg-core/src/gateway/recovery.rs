//! After the start: turns that the last process did not finish run again.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::channels::Channels;
use super::outbound_sink::OutboundSink;
use super::sink::TurnSink;
use crate::message::InboundMessage;
use crate::store::{JournalledTurn, Part};

/// An older message is not answered any more; its sender is asked to write again.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known of a turn that runs again.
#[derive(Debug, Default)]
pub(super) struct Resumed {
    /// Parts of the answer that were sent, or may have been.
    pub(super) parts: Vec<Part>,
    /// It has waited for too long to be answered now.
    pub(super) outdated: bool,
}

/// A turn that is ready to run again, with a way back through the outbound adapter; `None` where
/// its channel is not there any more.
pub(super) fn resume(
    channels: &Arc<Channels>,
    turn: JournalledTurn,
) -> Option<(InboundMessage, TurnSink, Resumed)> {
    let JournalledTurn { id, mut message, admitted, parts, .. } = turn;
    let Some(channel) = channels.get(&message.origin.channel) else {
        tracing::error!(target: "ocg::turn", account = %message.origin, turn = %id, "an unanswered message waits in the store: its channel is not loaded");
        return None;
    };
    let age = SystemTime::now().duration_since(admitted).unwrap_or_default();
    tracing::info!(target: "ocg::turn", account = %message.origin, session = %message.session_key, turn = %id, age_seconds = age.as_secs(), parts = parts.len(), "not answered before the restart; answered now");
    note_lost_files(&mut message);
    let sink = OutboundSink { channel, message: Arc::new(message.clone()) };
    let sink = TurnSink::anew(Box::new(sink), &message);
    Some((message, sink, Resumed { parts, outdated: age > MAX_AGE }))
}

/// Tells the agent of files that have not outlived the restart.
fn note_lost_files(message: &mut InboundMessage) {
    let (there, gone): (Vec<_>, Vec<_>) =
        std::mem::take(&mut message.media).into_iter().partition(|media| media.path.exists());
    message.media = there;
    for media in gone {
        tracing::warn!(target: "ocg::turn", account = %message.origin, file = %media.path.display(), "a file of an unanswered message is gone");
        let name = media.name.unwrap_or_else(|| media.mime.clone());
        if !message.text.is_empty() {
            message.text.push('\n');
        }
        message.text.push_str(&format!("[the file {name} is not available any more]"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{AccountKey, InboundMedia};

    #[test]
    fn a_file_that_is_gone_is_named_and_one_that_is_there_goes_along() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        std::fs::write(&path, "x").unwrap();
        let media = |path, name: &str| InboundMedia {
            path,
            mime: "image/png".into(),
            name: Some(name.to_owned()),
        };
        let mut message = InboundMessage::direct(AccountKey::new("chat", "main"), "ann", "look");
        message.media = vec![media(path, "a"), media("/gone/b.png".into(), "b")];
        note_lost_files(&mut message);
        assert_eq!(message.media.len(), 1);
        assert_eq!(message.text, "look\n[the file b is not available any more]");
    }
}
