//! Stops JavaScript that keeps the thread to itself.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Measures how much CPU time the isolate's thread has used since JavaScript last gave way to the
/// event loop.
///
/// CPU time, because waiting for a busy machine or a slow disk is no fault of the plugin.
/// The engine asks [`Watchdog::expired`] every few thousand operations. Once it has expired it
/// stays so: nothing of the plugin may run on, not even its `finally` blocks.
pub(crate) struct Watchdog {
    limit: Duration,
    since: Cell<Option<Duration>>,
    expired: Cell<bool>,
    cancelled: Arc<AtomicBool>,
}

impl Watchdog {
    /// `cancelled`: somebody else's order to stop JavaScript wherever it is.
    pub(crate) fn new(limit: Duration, cancelled: Arc<AtomicBool>) -> Self {
        Self { limit, since: Cell::new(None), expired: Cell::new(false), cancelled }
    }

    /// Whether JavaScript was stopped by order rather than by its own fault.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The event loop is about to run JavaScript.
    pub(crate) fn enter(&self) {
        self.since.set(Some(cpu_time()));
    }

    /// The event loop is in control again.
    pub(crate) fn leave(&self) {
        self.since.set(None);
    }

    /// Whether the limit is passed. To be asked on the isolate's own thread.
    pub(crate) fn expired(&self) -> bool {
        if !self.expired.get() {
            let used = |since| cpu_time().saturating_sub(since);
            let late = self.since.get().is_some_and(|since| used(since) > self.limit);
            self.expired.set(late || self.is_cancelled());
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

/// CPU time that the calling thread has used so far.
pub(super) fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn burn(time: Duration) {
        let start = cpu_time();
        while cpu_time() - start < time {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn counts_only_what_the_thread_itself_computes() {
        let limit = Duration::from_millis(50);
        let watchdog = Watchdog::new(limit, Arc::default());
        watchdog.enter();
        // Another thread passes the limit while this one waits for it.
        let (done, wait) = mpsc::channel();
        let other = std::thread::spawn(move || {
            burn(2 * limit);
            done.send(()).unwrap();
        });
        wait.recv().unwrap();
        other.join().unwrap();
        assert!(!watchdog.expired());
        burn(limit);
        assert!(watchdog.expired());
    }

    #[test]
    fn counts_from_the_last_pause_and_stays_expired() {
        let limit = Duration::from_millis(30);
        let watchdog = Watchdog::new(limit, Arc::default());
        for _ in 0..3 {
            watchdog.enter();
            burn(limit / 2);
            assert!(!watchdog.expired());
            watchdog.leave();
        }
        watchdog.enter();
        burn(2 * limit);
        assert!(watchdog.expired());
        watchdog.leave();
        assert!(watchdog.expired());
    }
}
