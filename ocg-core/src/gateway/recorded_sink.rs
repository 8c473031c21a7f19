//! A sink that writes down what it is about to send, and what became of it.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::Instant;

use super::crash_point::{AFTER_SEND, BEFORE_SEND, crash_point};
use super::measures::Meter;
use crate::reply::{DeliverError, ReplyKind, ReplyPayload, ReplySink};
use crate::store::{Part, PartKey, PartState, Store, TurnId};

/// Attempts of a part whose outcome stayed unknown; then it counts as sent.
const ATTEMPTS: u32 = 2;

/// Records one reply's parts in the outbox: attempt, send, result.
///
/// A reply that was cut off by a crash is delivered anew through it. Parts that the platform has
/// taken are passed over; a part whose outcome is unknown is sent once more, and the log says that
/// the user may see it twice.
pub(super) struct RecordedSink<'a> {
    sink: &'a mut dyn ReplySink,
    store: Arc<dyn Store>,
    meter: Arc<Meter>,
    next: PartKey,
    /// What was sent before the crash and has not come up again.
    earlier: VecDeque<Part>,
    /// The last delivery failed and may be tried again.
    retrying: bool,
}

impl<'a> RecordedSink<'a> {
    /// A sink for reply number `reply` of a turn, of which `earlier` were sent before.
    pub(super) fn new(
        sink: &'a mut dyn ReplySink,
        store: &Arc<dyn Store>,
        meter: Arc<Meter>,
        turn: TurnId,
        reply: u32,
        earlier: Vec<Part>,
    ) -> Self {
        let earlier = earlier.into_iter().filter(|part| part.key.reply == reply).collect();
        let next = PartKey { turn, reply, part: 0 };
        Self { sink, store: Arc::clone(store), meter, next, earlier, retrying: false }
    }

    /// All parts of the reply, where the last one was sent or attempted before the crash: nobody
    /// need be asked again. `None` where the reply must be made anew.
    pub(super) fn whole_reply(&self) -> Option<Vec<(ReplyPayload, ReplyKind)>> {
        let last = self.earlier.back()?;
        let there = |part: &Part| part.payload.media.iter().all(|media| is_there(media));
        let whole = last.kind == ReplyKind::Final && self.earlier.iter().all(there);
        let part = |part: &Part| (part.payload.clone(), part.kind);
        whole.then(|| self.earlier.iter().map(part).collect())
    }

    /// Whether this payload need not be sent, because it was.
    fn was_sent(&mut self, payload: &ReplyPayload) -> bool {
        let Some(earlier) = self.earlier.pop_front() else { return false };
        let PartKey { turn, part, .. } = self.next;
        if !same(&earlier.payload, payload) {
            tracing::warn!(target: "ocg::turn", %turn, part, "the agent answers differently than before the restart: the chat may show the beginning of both answers");
            self.earlier.clear();
            return false;
        }
        match earlier.state {
            PartState::Sent => true,
            PartState::Failed => false,
            PartState::Attempted if earlier.attempts < ATTEMPTS => {
                tracing::warn!(target: "ocg::turn", %turn, part, attempt = earlier.attempts + 1, "unknown outcome: sent again, possible duplicate");
                false
            }
            PartState::Attempted => {
                tracing::warn!(target: "ocg::turn", %turn, part, attempts = earlier.attempts, "unknown outcome again: taken for sent");
                true
            }
        }
    }

    async fn record(&mut self, state: PartState) {
        if let Err(error) = self.store.attempted(self.next, state).await {
            tracing::error!(target: "ocg::store", turn = %self.next.turn, %error, "the result of a delivery could not be stored: after a crash it would be sent again");
        }
    }
}

/// Whether a file can still be sent.
fn is_there(media: &str) -> bool {
    media.starts_with("http") || Path::new(media).exists()
}

/// Whether two payloads say the same; the folder of a file that was put aside is a random one.
fn same(one: &ReplyPayload, other: &ReplyPayload) -> bool {
    let names = |payload: &ReplyPayload| -> Vec<_> {
        let name = |media: &String| Path::new(media).file_name().map(ToOwned::to_owned);
        payload.media.iter().map(name).collect()
    };
    one.text == other.text && one.is_error == other.is_error && names(one) == names(other)
}

#[async_trait]
impl ReplySink for RecordedSink<'_> {
    async fn deliver(
        &mut self,
        payload: ReplyPayload,
        kind: ReplyKind,
    ) -> Result<(), DeliverError> {
        if !self.retrying && self.was_sent(&payload) {
            self.next.part += 1;
            return Ok(());
        }
        // A reply that cannot be written down is still worth more than none.
        if let Err(error) = self.store.attempt(self.next, kind, payload.clone()).await {
            tracing::error!(target: "ocg::store", turn = %self.next.turn, %error, "an attempt could not be stored: after a crash it would be sent again");
        }
        crash_point(BEFORE_SEND);
        let began = Instant::now();
        let delivered = self.sink.deliver(payload, kind).await;
        crash_point(AFTER_SEND);
        self.meter.delivery(began.elapsed(), self.retrying);
        self.retrying = matches!(&delivered, Err(error) if error.retryable);
        match &delivered {
            Ok(()) => self.record(PartState::Sent).await,
            Err(error) if !error.retryable => self.record(PartState::Failed).await,
            Err(_) => return delivered,
        }
        self.next.part += 1;
        delivered
    }

    async fn partial(&mut self, text: &str) {
        self.sink.partial(text).await;
    }

    fn typing(&mut self, on: bool) {
        self.sink.typing(on);
    }
}
