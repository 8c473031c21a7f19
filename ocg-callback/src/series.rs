//! The gateway's state as Prometheus series; docs/protocol.md has the table of them.

use std::fmt;
use std::time::Duration;

use ocg_core::channel::MemoryUse;
use ocg_core::gateway::{
    AccountSnapshot, AccountState, ChannelMeasures, GatewayStatus, HistogramSnapshot,
};
use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::health;

/// Names and values of a series' labels.
pub(crate) type Labels = Vec<(&'static str, String)>;

pub(crate) fn labels(name: &'static str, value: &str) -> Labels {
    vec![(name, value.to_owned())]
}

/// What is shown of a gateway.
pub(crate) struct Shown {
    pub(crate) status: GatewayStatus,
    pub(crate) memory: Vec<MemoryUse>,
}

impl Shown {
    /// Adds all series of the gateway.
    pub(crate) fn register(&self, registry: &mut Registry) {
        self.turns(registry);
        self.callbacks(registry);
        self.accounts(registry);
        self.measures(registry);
        self.memory(registry);
        let degraded = usize::from(self.status.store_error.is_some());
        gauge(registry, "store_degraded", "1 while the store cannot write", degraded);
    }

    fn turns(&self, registry: &mut Registry) {
        let ended = self.status.ended;
        let outcomes = [
            ("answered", ended.answered),
            ("silent", ended.silent),
            ("failed", ended.failed),
            ("deferred", ended.deferred),
            ("cancelled", ended.cancelled),
        ];
        counters(registry, "turns", "Turns that have ended", "outcome", &outcomes);
        gauge(registry, "turns_running", "Turns that run now", self.status.running_turns);
        let help = "Messages that wait for their turn";
        gauge(registry, "turns_waiting", help, self.status.waiting_turns);
        let retries = Counter::<u64>::default();
        retries.inc_by(self.status.agent_retries);
        registry.register("agent_retries", "Requests to agents that were repeated", retries);
    }

    fn callbacks(&self, registry: &mut Registry) {
        let callbacks = self.status.callbacks;
        let outcomes = [
            ("answered", callbacks.answered),
            ("failed", callbacks.failed),
            ("expired", callbacks.expired),
        ];
        let help = "Turns that an agent accepted and that are over";
        counters(registry, "deferred_turns", help, "outcome", &outcomes);
        gauge(registry, "callbacks_pending", "Turns that wait for a callback", callbacks.waiting);
        let help = "Replies of callbacks that wait behind others of their chat";
        gauge(registry, "replies_waiting", help, callbacks.queued);
    }

    fn accounts(&self, registry: &mut Registry) {
        let connected = Family::<Labels, Gauge>::default();
        let states = Family::<Labels, Gauge>::default();
        let turns = Family::<Labels, Gauge>::default();
        let restarts = Family::<Labels, Counter>::default();
        for account in self.status.channels.iter().flat_map(|channel| &channel.accounts) {
            let labels = account_labels(account);
            connected.get_or_create(&labels).set(i64::from(health::is_ready(account)));
            restarts.get_or_create(&labels).inc_by(account.restarts.into());
            turns.get_or_create(&labels).set(number(account.turns));
            for state in STATES {
                let mut labels = labels.clone();
                labels.push(("state", health::state_name(state).to_owned()));
                states.get_or_create(&labels).set(i64::from(account.state == state));
            }
        }
        registry.register("account_connected", "1 while the account is connected", connected);
        registry.register("account_state", "1 for the state the account is in", states);
        registry.register("account_turns", "Turns of the account that run or wait", turns);
        registry.register("account_restarts", "Restarts of the account after failures", restarts);
    }

    fn measures(&self, registry: &mut Registry) {
        type Which = fn(&ChannelMeasures) -> &HistogramSnapshot;
        let histograms: [(_, _, Which); 3] = [
            ("turn_duration_seconds", "Time of a turn", |one| &one.turn),
            ("first_token_seconds", "Time to an answer's beginning", |one| &one.first_token),
            ("delivery_duration_seconds", "Time of one delivery", |one| &one.delivery),
        ];
        for (name, help, which) in histograms {
            let channels = self.status.measures.iter();
            let histograms = channels
                .map(|(channel, measures)| (labels("channel", channel), which(measures).clone()));
            registry.register(name, help, Histograms(histograms.collect()));
        }
        let retries = Family::<Labels, Counter>::default();
        for (channel, measures) in &self.status.measures {
            let labels = labels("channel", channel);
            retries.get_or_create(&labels).inc_by(measures.delivery_retries);
        }
        registry.register("delivery_retries", "Deliveries that were attempted again", retries);
    }

    fn memory(&self, registry: &mut Registry) {
        let (used, limit) =
            (Family::<Labels, Gauge>::default(), Family::<Labels, Gauge>::default());
        for one in &self.memory {
            let labels = labels("plugin", &one.owner);
            used.get_or_create(&labels).set(number(one.used));
            limit.get_or_create(&labels).set(number(one.limit));
        }
        registry.register("plugin_memory_bytes", "Memory that the plugin holds", used);
        registry.register("plugin_memory_limit_bytes", "Memory at which it is ended", limit);
    }
}

const STATES: [AccountState; 4] =
    [AccountState::Starting, AccountState::Running, AccountState::Backoff, AccountState::Stopped];

fn account_labels(account: &AccountSnapshot) -> Labels {
    let key = account.key.clone();
    vec![("channel", key.channel), ("account", key.account)]
}

fn number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: usize) {
    let gauge = Gauge::<i64>::default();
    gauge.set(number(value));
    registry.register(name, help, gauge);
}

/// One counter for each value of a label.
fn counters(
    registry: &mut Registry,
    name: &str,
    help: &str,
    label: &'static str,
    counts: &[(&str, u64)],
) {
    let family = Family::<Labels, Counter>::default();
    for (value, count) in counts {
        family.get_or_create(&labels(label, value)).inc_by(*count);
    }
    registry.register(name, help, family);
}

/// Histograms that were counted elsewhere.
struct Histograms(Vec<(Labels, HistogramSnapshot)>);

impl fmt::Debug for Histograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} histograms", self.0.len())
    }
}

impl EncodeMetric for Histograms {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        for (labels, histogram) in &self.0 {
            let bounds = histogram.buckets.iter().map(|(bound, count)| (seconds(*bound), *count));
            let buckets: Vec<_> = bounds.chain([(f64::INFINITY, histogram.above)]).collect();
            encoder.encode_family(labels)?.encode_histogram::<NoLabelSet>(
                seconds(histogram.sum),
                histogram.count(),
                &buckets,
                None,
            )?;
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
