//! Health and metrics.

use ocg_callback::ServerSettings;
use ocg_core::gateway::StatusPatch;
use serde_json::{Value, json};

use crate::kit::{settings, start};

#[tokio::test]
async fn the_gateway_is_up_and_ready() {
    let running = start(settings()).await;
    let get = async |path: &str| running.http.get(running.url(path)).send().await.unwrap();
    assert_eq!(get("/healthz").await.status(), 200);
    assert_eq!(get("/readyz").await.status(), 200);
    running.gateway.stop("test", None).await.unwrap();
    let response = get("/readyz").await;
    assert_eq!(response.status(), 503);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["notReady"][0]["account"], "main");
    running.end().await;
}

#[tokio::test]
async fn an_account_that_is_not_connected_is_named() {
    let running = start(settings()).await;
    let disconnected = StatusPatch { connected: Some(false), ..StatusPatch::default() };
    running.link.status(disconnected);
    let response = running.http.get(running.url("/readyz")).send().await.unwrap();
    assert_eq!(response.status(), 503);
    let body: Value = response.json().await.unwrap();
    let expected = json!({"ok": false, "store": "good",
        "notReady": [{"channel": "test", "account": "main", "state": "running"}]});
    assert_eq!(body, expected);
    running.end().await;
}

#[tokio::test]
async fn a_store_that_cannot_write_is_not_ready() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    running.store.limit_pages(1).await.unwrap();
    running.signed(&url, &json!({"reply": "x".repeat(500_000)}).to_string()).await;
    let response = running.http.get(running.url("/readyz")).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.json::<Value>().await.unwrap()["store"], "degraded");
    running.end().await;
}

#[tokio::test]
async fn metrics_are_for_this_machine_unless_asked_for() {
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

/// The page for operators lists exactly the series there are.
#[tokio::test]
async fn metrics_are_what_prometheus_reads_and_the_docs_list() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    running.signed(&url, r#"{"reply": "hello"}"#).await;
    running.shown().await;
    running.signed(&running.url("/ocg/send"), "{}").await;
    let url = running.url("/metrics");
    let text = running.http.get(&url).send().await.unwrap().text().await.unwrap();
    let lines = text.lines().map(|line| Ok(line.to_owned()));
    let scrape = prometheus_parse::Scrape::parse(lines).unwrap();
    let accepted = scrape.samples.iter().find(|sample| {
        sample.metric == "ocg_callbacks_total" && sample.labels.get("result") == Some("ok")
    });
    assert!(accepted.is_some(), "{text}");

    let page = include_str!("../../../docs/protocol.md");
    let mut names: Vec<_> = scrape.samples.iter().map(|sample| sample.metric.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut listed: Vec<_> =
        page.lines().filter_map(|line| line.strip_prefix("| `ocg_")?.split('`').next()).collect();
    listed.sort_unstable();
    let names: Vec<_> = names.iter().filter_map(|name| name.strip_prefix("ocg_")).collect();
    assert_eq!(listed, names);
    running.end().await;
}
