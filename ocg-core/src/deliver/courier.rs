//! Carrying payloads to the sink, strictly in order, with retries.

use std::time::Duration;

use crate::reply::{ReplyKind, ReplyPayload, ReplySink};

/// Pauses before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];
/// Payloads lost in a row after which the chat counts as out of reach.
const GIVE_UP_AFTER: u32 = 2;

/// The chat takes nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the chat is out of reach")]
pub struct Undeliverable;

/// Delivers the payloads of one turn.
pub struct Courier<'a> {
    sink: &'a mut dyn ReplySink,
    delivered: usize,
    lost: usize,
    lost_in_a_row: u32,
}

impl<'a> Courier<'a> {
    /// A courier to `sink`.
    pub fn new(sink: &'a mut dyn ReplySink) -> Self {
        Self { sink, delivered: 0, lost: 0, lost_in_a_row: 0 }
    }

    /// Payloads that the platform has taken.
    pub fn delivered(&self) -> usize {
        self.delivered
    }

    /// Payloads that were given up.
    pub fn lost(&self) -> usize {
        self.lost
    }

    /// The sink, for drafts and typing.
    pub fn sink(&mut self) -> &mut dyn ReplySink {
        self.sink
    }

    /// Delivers one payload, up to three times if the failure may pass. `Ok(false)` is a payload
    /// that was lost, logged, while later ones may still get through.
    ///
    /// # Errors
    /// When several payloads in a row were lost: the turn should end.
    pub async fn carry(
        &mut self,
        payload: ReplyPayload,
        kind: ReplyKind,
    ) -> Result<bool, Undeliverable> {
        let mut pauses = PAUSES.iter();
        let error = loop {
            match self.sink.deliver(payload.clone(), kind).await {
                Ok(()) => {
                    self.delivered += 1;
                    self.lost_in_a_row = 0;
                    return Ok(true);
                }
                Err(error) if error.retryable => match pauses.next() {
                    Some(pause) => {
                        tracing::warn!(target: "ocg::turn", %error, "delivery failed; tries again in {} s", pause.as_secs());
                        tokio::time::sleep(*pause).await;
                    }
                    None => break error,
                },
                Err(error) => break error,
            }
        };
        self.lost += 1;
        self.lost_in_a_row += 1;
        tracing::error!(target: "ocg::turn", %error, fault = %error.fault, chars = payload.text.chars().count(), media = payload.media.len(), "a part of the answer is lost");
        if self.lost_in_a_row >= GIVE_UP_AFTER { Err(Undeliverable) } else { Ok(false) }
    }
}
