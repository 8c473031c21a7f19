//! Durations, counted in buckets.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the buckets, in milliseconds: from a message to a platform nearby to an agent
/// that takes as long as a callback token lives.
const BOUNDS: [u64; 14] =
    [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 1_800_000];

/// A histogram that many tasks fill at the same time.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    /// One per bound, each for what is not above it and above the one before.
    buckets: [AtomicU64; BOUNDS.len()],
    above: AtomicU64,
    micros: AtomicU64,
}

impl Histogram {
    pub(super) fn record(&self, duration: Duration) {
        let place = BOUNDS.partition_point(|bound| Duration::from_millis(*bound) < duration);
        self.buckets.get(place).unwrap_or(&self.above).fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    pub(super) fn snapshot(&self) -> HistogramSnapshot {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let bounds = BOUNDS.into_iter().map(Duration::from_millis);
        HistogramSnapshot {
            buckets: bounds.zip(self.buckets.iter().map(read)).collect(),
            above: read(&self.above),
            sum: Duration::from_micros(read(&self.micros)),
        }
    }
}

/// A histogram at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistogramSnapshot {
    /// Upper bounds, ascending, and how many durations fell below each and above the one before.
    pub buckets: Vec<(Duration, u64)>,
    /// Durations above the last bound.
    pub above: u64,
    /// All durations together.
    pub sum: Duration,
}

impl HistogramSnapshot {
    /// How many durations there are.
    pub fn count(&self) -> u64 {
        self.above + self.buckets.iter().map(|(_, count)| count).sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_counted_once_and_a_bound_belongs_below() {
        let histogram = Histogram::default();
        for millis in [0, 10, 11, 25, 60_000, 1_800_001] {
            histogram.record(Duration::from_millis(millis));
        }
        let snapshot = histogram.snapshot();
        let filled: Vec<_> = snapshot.buckets.iter().filter(|(_, count)| *count > 0).collect();
        let expected = [(10, 2), (25, 2), (60_000, 1)]
            .map(|(bound, count)| (Duration::from_millis(bound), count));
        assert_eq!(filled, expected.iter().collect::<Vec<_>>());
        assert_eq!((snapshot.above, snapshot.count()), (1, 6));
        assert_eq!(snapshot.sum, Duration::from_millis(1_860_047));
    }
}
