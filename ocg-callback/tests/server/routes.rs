//! Routes of channels.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ocg_callback::ServerSettings;
use ocg_core::http::routes::{
    HttpRoute, Matching, RouteGuard, RouteHandler, RouteRequest, RouteResponse,
};

use crate::kit::{Running, settings, start};

struct Echo;

#[async_trait]
impl RouteHandler for Echo {
    async fn handle(&self, request: RouteRequest) -> RouteResponse {
        let RouteRequest { method, target, body, .. } = request;
        let text = format!("{method} {target} {}", String::from_utf8_lossy(&body));
        RouteResponse::text(201, text)
    }
}

/// Never answers.
struct Silent;

#[async_trait]
impl RouteHandler for Silent {
    async fn handle(&self, _: RouteRequest) -> RouteResponse {
        std::future::pending().await
    }
}

/// Serves `/hook` and what is below it.
fn hook(running: &Running, handler: impl RouteHandler + 'static) -> RouteGuard {
    let route = HttpRoute {
        owner: "test".into(),
        path: "/hook".into(),
        matching: Matching::Prefix,
        handler: Arc::new(handler),
    };
    running.routes.add(route).unwrap()
}

#[tokio::test]
async fn a_channel_serves_its_route_as_long_as_it_wants() {
    let running = start(settings()).await;
    let guard = hook(&running, Echo);
    let url = running.url("/hook/a?b=1");
    let response = running.http.put(&url).body("body").send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.text().await.unwrap(), "PUT /hook/a?b=1 body");
    drop(guard);
    assert_eq!(running.http.get(&url).send().await.unwrap().status(), 404);
    running.end().await;
}

#[tokio::test]
async fn a_route_that_does_not_answer_is_504() {
    let patience = Duration::from_millis(100);
    let running = start(ServerSettings { route_timeout: patience, ..settings() }).await;
    let _guard = hook(&running, Silent);
    let response = running.http.get(running.url("/hook")).send().await.unwrap();
    assert_eq!(response.status(), 504);
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["code"], "TIMEOUT");
    running.end().await;
}

#[tokio::test]
async fn the_body_of_a_routes_request_is_limited_too() {
    let running = start(ServerSettings { max_body: 1000, ..settings() }).await;
    let _guard = hook(&running, Echo);
    let post = async |length: usize| {
        let request = running.http.post(running.url("/hook")).body("x".repeat(length));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!((post(1000).await, post(1001).await), (201, 413));
    let slow = "POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nx";
    let answer = running.raw(slow.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    running.end().await;
}
