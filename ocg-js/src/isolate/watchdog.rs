//! Stops JavaScript that keeps the thread to itself.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;

/// Measures the time since JavaScript last gave way to the event loop.
///
/// The engine asks [`Watchdog::expired`] every few thousand operations. Once it has expired it
/// stays so: nothing of the plugin may run on, not even its `finally` blocks.
pub(crate) struct Watchdog {
    limit: Duration,
    since: Cell<Option<Instant>>,
    expired: Cell<bool>,
}

impl Watchdog {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, since: Cell::new(None), expired: Cell::new(false) }
    }

    /// The event loop is about to run JavaScript.
    pub(crate) fn enter(&self) {
        self.since.set(Some(Instant::now()));
    }

    /// The event loop is in control again.
    pub(crate) fn leave(&self) {
        self.since.set(None);
    }

    pub(crate) fn expired(&self) -> bool {
        if !self.expired.get() {
            let late = self.since.get().is_some_and(|since| since.elapsed() > self.limit);
            self.expired.set(late);
        }
        self.expired.get()
    }

    /// Whether JavaScript was interrupted, without looking at the clock.
    pub(crate) fn has_expired(&self) -> bool {
        self.expired.get()
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }
}
