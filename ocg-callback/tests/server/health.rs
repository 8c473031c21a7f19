//! Health and metrics.

use serde_json::Value;

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

    let proxied = running.http.get(&url).header("x-forwarded-for", "192.0.2.1").send().await;
    assert_eq!(proxied.unwrap().status(), 404);
    running.end().await;
}
