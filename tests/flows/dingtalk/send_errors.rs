//! Sending fails. No message is lost without a word.

use std::time::Duration;

use ocg_tests::platforms::api::Fault;
use ocg_tests::platforms::dingtalk::Endpoint;
use serde_json::json;

use super::scene::Scene;

/// What becomes of a reply that could not be sent at first.
enum Fate {
    /// It arrives, once.
    Arrives,
    /// Nobody knows whether it arrived, so it is not sent again; the user is told.
    IsTold,
}

/// The next reply meets with `fault`; then the user writes again and is answered.
async fn reply_meets(fault: Fault, fate: Fate) {
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
    let second = match fate {
        Fate::Arrives => "echo: two",
        Fate::IsTold => "⚠️ Part of the answer could not be delivered.",
    };
    let texts: Vec<String> = alice.received().iter().map(|s| s.text().to_owned()).collect();
    assert_eq!(texts, ["echo: one", second, "echo: three"]);
}

#[tokio::test]
async fn too_many_calls() {
    reply_meets(Fault::too_many(1), Fate::Arrives).await;
}

#[tokio::test]
async fn a_refusal_within_an_http_200() {
    let body = json!({"errcode": 90018, "errmsg": "您的服务器调用过于频繁"});
    reply_meets(Fault::Answer { status: 200, retry_after: None, body }, Fate::IsTold).await;
}

#[tokio::test]
async fn a_server_error() {
    reply_meets(Fault::status(502), Fate::IsTold).await;
}

#[tokio::test]
async fn a_dropped_connection() {
    reply_meets(Fault::Drop, Fate::IsTold).await;
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
