//! Sending fails. No message is lost without a word.

use std::time::Duration;

use ocg_tests::platforms::api::Fault;
use ocg_tests::platforms::qq::Endpoint;

use super::scene::Scene;

/// The next messages are refused with `fault`; then the user writes again and is answered.
async fn goes_on_after(fault: Fault) {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("one");
    alice.replies(1).await;
    scene.qq.calls().fault(Endpoint::UserMessage, fault);
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
    scene.qq.calls().fault(Endpoint::UserMessage, Fault::Slow(Duration::from_millis(1500)));
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_busy_gateway_is_asked_again() {
    let scene = Scene::new().await;
    scene.qq.calls().fault(Endpoint::GatewayUrl, Fault::status(500));
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}
