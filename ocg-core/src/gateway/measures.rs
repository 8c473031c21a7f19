//! How long things take on each channel, and how often they are tried again.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::histogram::{Histogram, HistogramSnapshot};
use super::sink::TurnSink;
use crate::message::InboundMessage;
use crate::reply::TurnOutcome;

/// What is measured of one channel since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelMeasures {
    /// From a message's hand-off to the end of its turn, the wait for its turn included; in async
    /// mode to the delivery of the last reply. Turns that began before a restart are left out.
    pub turn: HistogramSnapshot,
    /// From asking the agent to the first piece of its answer.
    pub first_token: HistogramSnapshot,
    /// One attempt to deliver one message to the platform.
    pub delivery: HistogramSnapshot,
    /// Deliveries that were attempted again after a failure.
    pub delivery_retries: u64,
}

/// Measures one channel.
#[derive(Debug, Default)]
pub(super) struct Meter {
    turn: Histogram,
    first_token: Histogram,
    delivery: Histogram,
    delivery_retries: AtomicU64,
}

impl Meter {
    pub(super) fn first_token(&self, after: Duration) {
        self.first_token.record(after);
    }

    pub(super) fn delivery(&self, took: Duration, again: bool) {
        self.delivery.record(took);
        self.delivery_retries.fetch_add(u64::from(again), Ordering::Relaxed);
    }

    fn snapshot(&self) -> ChannelMeasures {
        ChannelMeasures {
            turn: self.turn.snapshot(),
            first_token: self.first_token.snapshot(),
            delivery: self.delivery.snapshot(),
            delivery_retries: self.delivery_retries.load(Ordering::Relaxed),
        }
    }
}

/// The meters of all channels that have had a turn.
#[derive(Debug, Default)]
pub(super) struct Measures(Mutex<BTreeMap<String, Arc<Meter>>>);

impl Measures {
    /// The meter of the channel that the message came from.
    pub(super) fn of(&self, message: &InboundMessage) -> Arc<Meter> {
        let mut meters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let channel = &message.origin.channel;
        if let Some(meter) = meters.get(channel) {
            return Arc::clone(meter);
        }
        Arc::clone(meters.entry(channel.clone()).or_default())
    }

    /// Counts a turn that is over.
    pub(super) fn turn_ended(
        &self,
        message: &InboundMessage,
        sink: &TurnSink,
        outcome: TurnOutcome,
    ) {
        let over = !matches!(outcome, TurnOutcome::Deferred | TurnOutcome::Cancelled);
        if let Some(age) = sink.age().filter(|_| over) {
            self.of(message).turn.record(age);
        }
    }

    pub(super) fn snapshot(&self) -> BTreeMap<String, ChannelMeasures> {
        let meters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        meters.iter().map(|(channel, meter)| (channel.clone(), meter.snapshot())).collect()
    }
}
