//! Samples of every metric over all runs.

use std::collections::BTreeMap;

/// Metrics in the order of the table: key, what it says, unit, digits after the point.
pub(crate) const METRICS: [(&str, &str, &str, usize); 32] = [
    ("exit", "start to exit", "ms", 2),
    ("start", "exec to first poll", "ms", 0),
    ("start_cpu", "CPU until first poll (user+system)", "ms", 0),
    ("connected", "exec to all connected", "ms", 0),
    ("connected_cpu", "CPU until all connected (user+system)", "ms", 0),
    ("idle_rss", "RSS idle", "MB", 1),
    ("idle_pss", "PSS idle", "MB", 1),
    ("idle_cpu", "CPU idle", "%", 2),
    ("latency_in_p50", "message in to agent request, p50", "ms", 2),
    ("latency_in_p95", "message in to agent request, p95", "ms", 2),
    ("latency_out_p50", "last token to reply sent, p50", "ms", 2),
    ("latency_out_p95", "last token to reply sent, p95", "ms", 2),
    ("latency_p50", "added latency, p50", "ms", 2),
    ("latency_p95", "added latency, p95", "ms", 2),
    ("latency_p99", "added latency, p99", "ms", 2),
    ("latency_max", "added latency, most", "ms", 2),
    ("burst", "burst, instant agent", "messages/s", 0),
    ("wait_first", "slow agent: shortest wait", "s", 2),
    ("wait_last", "slow agent: longest wait", "s", 2),
    ("concurrency", "most agent requests at once", "", 0),
    ("loaded_rss", "RSS after load", "MB", 1),
    ("loaded_pss", "PSS after load", "MB", 1),
    ("fsync_rate", "the disk alone: fsyncs", "1/s", 0),
    ("fsync_p50", "the disk alone: one fsync, p50", "ms", 2),
    ("fsync_p99", "the disk alone: one fsync, p99", "ms", 2),
    ("pending_pss", "PSS with pending tokens", "MB", 1),
    ("callback_p50", "callback to 200, p50", "ms", 2),
    ("callback_p95", "callback to 200, p95", "ms", 2),
    ("callback_p99", "callback to 200, p99", "ms", 2),
    ("callbacks", "callbacks accepted", "1/s", 0),
    ("delivered", "replies delivered", "1/s", 0),
    ("peak_rss", "peak RSS of the first process", "MB", 1),
];

/// Samples by metric.
#[derive(Debug, Default)]
pub(crate) struct Series(BTreeMap<String, Vec<f64>>);

impl Series {
    pub(crate) fn add(&mut self, metric: &str, sample: f64) {
        self.0.entry(metric.to_owned()).or_default().push(sample);
    }

    /// Adds the percentiles of one run's `samples` under `metric` with a suffix.
    pub(crate) fn percentiles(&mut self, metric: &str, mut samples: Vec<f64>) {
        samples.sort_by(f64::total_cmp);
        for (suffix, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)] {
            self.add(&format!("{metric}_{suffix}"), at(&samples, share));
        }
    }

    pub(crate) fn samples(&self, metric: &str) -> &[f64] {
        self.0.get(metric).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn median(&self, metric: &str) -> Option<f64> {
        let mut samples = self.samples(metric).to_vec();
        samples.sort_by(f64::total_cmp);
        (!samples.is_empty()).then(|| at(&samples, 0.5))
    }
}

/// The sample below which `share` of all lie (nearest rank).
fn at(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}
