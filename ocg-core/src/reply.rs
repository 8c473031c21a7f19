//! The way back: what is delivered to a chat, and who delivers it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::error::Fault;

/// One message to a chat.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReplyPayload {
    /// Text, within the channel's limit.
    pub text: String,
    /// `http(s)` URLs or absolute paths of files to send along.
    pub media: Vec<String>,
    /// The text reports a failure.
    pub is_error: bool,
}

impl ReplyPayload {
    /// A plain text message.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A message that tells the chat user of a failure.
    pub fn error(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_error: true, ..Self::default() }
    }
}

/// Place of a payload within a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplyKind {
    /// More follows.
    Block,
    /// The last one. Where everything was sent as blocks before the agent ended, there is none.
    Final,
}

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TurnOutcome {
    /// Everything the agent said was delivered.
    Answered,
    /// The agent answered with nothing to show.
    Silent,
    /// The agent or the delivery failed; the chat user was told where that was possible.
    Failed,
    /// The agent accepted the message and will call back.
    Deferred,
    /// The gateway stopped first.
    Cancelled,
}

/// A delivery that did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("cannot deliver to {target}: {reason}")]
pub struct DeliverError {
    /// The chat.
    pub target: String,
    /// What the platform or the plugin said, without secrets.
    pub reason: String,
    /// Whose side it is on.
    pub fault: Fault,
    /// Whether the same delivery may succeed later.
    pub retryable: bool,
}

/// One turn's own way back into its chat.
///
/// The gateway calls it strictly one call after the other and calls [`ReplySink::settle`] last,
/// exactly once, also for a message that it did not accept.
#[async_trait]
pub trait ReplySink: Send {
    /// Delivers one payload and returns when the platform has taken it.
    async fn deliver(&mut self, payload: ReplyPayload, kind: ReplyKind)
    -> Result<(), DeliverError>;

    /// The whole text so far, for channels that edit a live draft.
    async fn partial(&mut self, _text: &str) {}

    /// Shows or hides the typing indicator. Returns at once.
    fn typing(&mut self, _on: bool) {}

    /// The agent has accepted the message and answers later: the turn goes on, but what waits for
    /// it need not. Returns at once.
    fn defer(&mut self) {}

    /// The turn is over.
    async fn settle(&mut self, _outcome: TurnOutcome) {}
}

/// A sink for embedded channels: payloads come out of the other end of an in-process queue.
#[async_trait]
impl ReplySink for tokio::sync::mpsc::Sender<ReplyPayload> {
    async fn deliver(
        &mut self,
        payload: ReplyPayload,
        _kind: ReplyKind,
    ) -> Result<(), DeliverError> {
        self.send(payload).await.map_err(|_| DeliverError {
            target: "an in-process queue".into(),
            reason: "its receiver is gone".into(),
            fault: Fault::Platform,
            retryable: false,
        })
    }
}
