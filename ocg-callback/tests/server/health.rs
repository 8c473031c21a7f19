//! Health.

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

/// Its plugin could not be loaded, for example.
#[tokio::test]
async fn a_channel_that_is_not_served_is_named() {
    let running = start(settings()).await;
    running.gateway.set_unserved([("qqbot".to_owned(), "a secret reason".to_owned())].into());
    let response = running.http.get(running.url("/readyz")).send().await.unwrap();
    assert_eq!(response.status(), 503);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["notReady"], json!([{"channel": "qqbot", "state": "unavailable"}]));
    running.gateway.set_unserved([].into());
    assert_eq!(running.http.get(running.url("/readyz")).send().await.unwrap().status(), 200);
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
