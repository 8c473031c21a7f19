//! Routes of channels.

use std::sync::Arc;

use async_trait::async_trait;
use ocg_core::http::routes::{HttpRoute, Matching, RouteHandler, RouteRequest, RouteResponse};

use crate::kit::{settings, start};

struct Echo;

#[async_trait]
impl RouteHandler for Echo {
    async fn handle(&self, request: RouteRequest) -> RouteResponse {
        let RouteRequest { method, target, body, .. } = request;
        let text = format!("{method} {target} {}", String::from_utf8_lossy(&body));
        RouteResponse::text(201, text)
    }
}

#[tokio::test]
async fn a_channel_serves_its_route_as_long_as_it_wants() {
    let running = start(settings()).await;
    let route = HttpRoute {
        owner: "test".into(),
        path: "/hook".into(),
        matching: Matching::Prefix,
        handler: Arc::new(Echo),
    };
    let guard = running.routes.add(route).unwrap();
    let url = running.url("/hook/a?b=1");
    let response = running.http.put(&url).body("body").send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.text().await.unwrap(), "PUT /hook/a?b=1 body");
    drop(guard);
    assert_eq!(running.http.get(&url).send().await.unwrap().status(), 404);
    running.end().await;
}
