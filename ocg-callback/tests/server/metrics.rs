//! `GET /metrics`, as Prometheus reads it.

use std::collections::BTreeSet;

use ocg_callback::ServerSettings;
use prometheus_parse::{Sample, Scrape, Value};

use crate::kit::{Running, settings, start, start_with_ttl};

async fn scrape(running: &Running) -> Scrape {
    let response = running.http.get(running.url("/metrics")).send().await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = response.text().await.unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).unwrap()
}

/// The series with this name and these labels.
fn find<'a>(scrape: &'a Scrape, name: &str, labels: &[(&str, &str)]) -> &'a Sample {
    let fits = |sample: &&Sample| {
        sample.metric == name
            && labels.iter().all(|(label, value)| sample.labels.get(label) == Some(*value))
    };
    scrape.samples.iter().find(fits).unwrap_or_else(|| panic!("no {name} {labels:?}"))
}

fn value(scrape: &Scrape, name: &str, labels: &[(&str, &str)]) -> f64 {
    match find(scrape, name, labels).value {
        Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => value,
        ref other => panic!("{name} is {other:?}"),
    }
}

/// A turn that was answered by a callback.
async fn answered(running: &mut Running) {
    let url = running.asked("hi").await;
    assert_eq!(running.signed(&url, r#"{"reply": "hello"}"#).await.0, 200);
    running.shown().await;
    while running.gateway.status().callbacks.waiting > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_turn_is_counted_and_measured() {
    let mut running = start(settings()).await;
    answered(&mut running).await;
    let url = running.asked("hi again").await;
    running.post(&url, None, "{}").await;
    let scrape = scrape(&running).await;
    let value = |name: &str, labels: &[_]| value(&scrape, name, labels);
    assert_eq!(value("ocg_callbacks_total", &[("result", "ok")]), 1.0);
    assert_eq!(value("ocg_callbacks_total", &[("result", "UNAUTHORIZED")]), 1.0);
    assert_eq!(value("ocg_callbacks_pending", &[]), 1.0);
    assert_eq!(value("ocg_deferred_turns_total", &[("outcome", "answered")]), 1.0);
    for name in ["ocg_turn_duration_seconds", "ocg_delivery_duration_seconds"] {
        let channel = [("channel", "test")];
        assert_eq!(value(&format!("{name}_count"), &channel), 1.0);
        assert!(value(&format!("{name}_sum"), &channel) < 10.0);
        let Value::Histogram(buckets) = &find(&scrape, name, &channel).value else {
            panic!("{name} is no histogram");
        };
        assert!(buckets.is_sorted_by_key(|bucket| bucket.count), "{buckets:?}");
        let last = buckets.last().unwrap();
        assert_eq!((last.less_than, last.count), (f64::INFINITY, 1.0));
    }
    let account = [("channel", "test"), ("account", "main")];
    assert_eq!(value("ocg_account_connected", &account), 1.0);
    assert_eq!(value("ocg_account_state", &[account[0], account[1], ("state", "running")]), 1.0);
    assert_eq!(value("ocg_account_state", &[account[0], account[1], ("state", "backoff")]), 0.0);
    assert_eq!(value("ocg_plugin_memory_bytes", &[("plugin", "@test/plugin")]), 1000.0);
    assert_eq!(value("ocg_plugin_memory_limit_bytes", &[("plugin", "@test/plugin")]), 2000.0);
    running.end().await;
}

#[tokio::test]
async fn a_turn_that_expired_is_counted_once() {
    let mut running = start_with_ttl(settings(), std::time::Duration::from_millis(50)).await;
    running.asked("hi").await;
    running.shown().await;
    while running.gateway.status().callbacks.waiting > 0 {
        tokio::task::yield_now().await;
    }
    let scrape = scrape(&running).await;
    let count = |outcome| value(&scrape, "ocg_deferred_turns_total", &[("outcome", outcome)]);
    assert_eq!((count("expired"), count("failed"), count("answered")), (1.0, 0.0, 0.0));
    running.end().await;
}

/// The page for operators lists exactly the series there are.
#[tokio::test]
async fn the_docs_list_every_series() {
    let mut running = start(settings()).await;
    answered(&mut running).await;
    running.signed(&running.url("/ocg/send"), "{}").await;
    let scrape = scrape(&running).await;
    // A histogram's sum and count are samples of their own.
    let histograms: BTreeSet<_> = scrape
        .samples
        .iter()
        .filter(|sample| matches!(sample.value, Value::Histogram(_)))
        .map(|sample| sample.metric.as_str())
        .collect();
    let part_of_one = |name: &str| {
        let whole = name.strip_suffix("_sum").or_else(|| name.strip_suffix("_count"));
        whole.is_some_and(|whole| histograms.contains(whole))
    };
    let names = scrape.samples.iter().map(|sample| sample.metric.as_str());
    let served: BTreeSet<_> = names.filter(|name| !part_of_one(name)).collect();
    let page = include_str!("../../../docs/protocol.md");
    let listed: BTreeSet<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split('`').next())
        .filter(|name| name.starts_with("ocg_"))
        .collect();
    assert_eq!(listed, served);
    running.end().await;
}

#[tokio::test]
async fn they_are_for_this_machine_unless_asked_for() {
    for (public, status) in [(false, 404), (true, 200)] {
        let rules = ServerSettings { metrics_public: public, ..settings() };
        let running = start(rules).await;
        let metrics = running.http.get(running.url("/metrics"));
        let passed_on = metrics.header("x-forwarded-for", "192.0.2.1").send().await.unwrap();
        assert_eq!(passed_on.status(), status);
        assert_eq!(running.http.get(running.url("/healthz")).send().await.unwrap().status(), 200);
        running.end().await;
    }
}
