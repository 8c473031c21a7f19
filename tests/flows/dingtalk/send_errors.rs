//! Sending fails. No message is lost without a word.

use std::time::Duration;

use ocg_tests::platforms::api::Fault;
use ocg_tests::platforms::dingtalk::Endpoint;
use serde_json::json;

use super::scene::Scene;

/// The next reply is refused with `fault`; then the user writes again and is answered.
async fn goes_on_after(fault: Fault) {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.says("one");
    alice.replies(1).await;
    scene.dingtalk.calls().fault(Endpoint::Webhook, fault);
    alice.says("two");
    alice.replies(2).await;
    alice.says("three");
    alice.until_told("three").await;
    scene.end(gateway).await;
    let told = |what: &str| alice.received().iter().filter(|s| s.text().contains(what)).count();
    assert_eq!((told("one"), told("three")), (1, 1));
    assert!(told("two") <= 1, "sent twice");
}

#[tokio::test]
async fn too_many_calls() {
    goes_on_after(Fault::too_many(1)).await;
}

#[tokio::test]
async fn a_refusal_within_an_http_200() {
    let body = json!({"errcode": 90018, "errmsg": "您的服务器调用过于频繁"});
    goes_on_after(Fault::Answer { status: 200, retry_after: None, body }).await;
}

#[tokio::test]
async fn a_server_error() {
    goes_on_after(Fault::status(502)).await;
}

#[tokio::test]
async fn a_dropped_connection() {
    goes_on_after(Fault::Drop).await;
}

#[tokio::test]
async fn a_slow_platform_is_waited_for() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.dingtalk.calls().fault(Endpoint::Webhook, Fault::Slow(Duration::from_millis(1500)));
    let alice = scene.dingtalk.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}
