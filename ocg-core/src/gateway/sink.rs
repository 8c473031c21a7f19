//! A turn's sink, settled exactly once whatever happens.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::time::{Instant, timeout};

use super::supervise::panic_text;
use crate::message::InboundMessage;
use crate::reply::{ReplyKind, ReplyPayload, ReplySink, TurnOutcome};

/// How long a notice to the user may take.
const TELL_BOUND: Duration = Duration::from_secs(10);
/// How long a sink may take to clean up.
const SETTLE_BOUND: Duration = Duration::from_secs(5);

/// Owns a sink until it is settled. Dropping it unsettled, as happens when the program ends in
/// the middle of a turn, cannot settle (that is asynchronous) but is logged.
pub(super) struct TurnSink {
    sink: Option<Box<dyn ReplySink>>,
    turn: String,
    /// When its message was handed over; `None` where an earlier process took it.
    since: Option<Instant>,
}

impl TurnSink {
    /// The sink of a message that is being handed over.
    pub(super) fn new(sink: Box<dyn ReplySink>, message: &InboundMessage) -> Self {
        let mut new = Self::anew(sink, message);
        new.since = Some(Instant::now());
        new
    }

    /// A sink in place of the one that the message came with.
    pub(super) fn anew(sink: Box<dyn ReplySink>, message: &InboundMessage) -> Self {
        let turn = format!("{} {}", message.origin, message.session_key);
        Self { sink: Some(sink), turn, since: None }
    }

    /// How long ago the message was handed over, where that is known.
    pub(super) fn age(&self) -> Option<Duration> {
        self.since.map(|since| since.elapsed())
    }

    /// The sink itself.
    pub(super) fn open(&mut self) -> &mut dyn ReplySink {
        self.sink.as_deref_mut().expect("only `settle` takes the sink, and it takes self too")
    }

    /// Shows or hides the typing indicator.
    pub(super) fn typing(&mut self, on: bool) {
        let sink = self.open();
        if let Err(panic) = std::panic::catch_unwind(AssertUnwindSafe(|| sink.typing(on))) {
            let reason = panic_text(&*panic);
            tracing::error!(target: "ocg::turn", turn = %self.turn, reason, "the channel panicked at the typing indicator");
        }
    }

    /// The agent answers later: what waits for this turn need not.
    pub(super) fn defer(&mut self) {
        let sink = self.open();
        if let Err(panic) = std::panic::catch_unwind(AssertUnwindSafe(|| sink.defer())) {
            let reason = panic_text(&*panic);
            tracing::error!(target: "ocg::turn", turn = %self.turn, reason, "the channel panicked when the turn was deferred");
        }
    }

    /// Tells the user something, once and bounded; a failure is logged. Says whether it went.
    pub(super) async fn tell(&mut self, text: String) -> bool {
        let payload = ReplyPayload::error(text);
        let told = self.open().deliver(payload, ReplyKind::Final);
        let told = timeout(TELL_BOUND, AssertUnwindSafe(told).catch_unwind()).await;
        let reason = match told {
            Ok(Ok(Ok(()))) => return true,
            Ok(Ok(Err(error))) => error.to_string(),
            Ok(Err(panic)) => format!("the channel panicked: {}", panic_text(&*panic)),
            Err(_) => format!("no answer within {} s", TELL_BOUND.as_secs()),
        };
        tracing::error!(target: "ocg::turn", turn = %self.turn, %reason, "the user could not be told");
        false
    }

    /// Ends the turn. Dropping an unfinished `settle` still counts as unsettled.
    pub(super) async fn settle(mut self, outcome: TurnOutcome) {
        let settled = self.open().settle(outcome);
        match timeout(SETTLE_BOUND, AssertUnwindSafe(settled).catch_unwind()).await {
            Ok(Ok(())) => {}
            Ok(Err(panic)) => {
                tracing::error!(target: "ocg::turn", turn = %self.turn, reason = panic_text(&*panic), "the channel panicked while it settled");
            }
            Err(_) => {
                tracing::error!(target: "ocg::turn", turn = %self.turn, "the channel did not settle in time");
            }
        }
        self.sink = None;
    }
}

impl Drop for TurnSink {
    fn drop(&mut self) {
        if self.sink.is_some() {
            tracing::error!(target: "ocg::turn", turn = %self.turn, "cut off before it was settled");
        }
    }
}
