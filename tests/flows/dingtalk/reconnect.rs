//! The stream ends, in every way in which it may.

use std::time::Duration;

use ocg_tests::platforms::api::Fault;
use ocg_tests::platforms::dingtalk::{DingTalk, Endpoint};

use super::scene::Scene;

#[tokio::test]
async fn after_a_drop_nothing_is_missed() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.says("before");
    alice.replies(1).await;
    scene.dingtalk.drops_connection();
    scene.dingtalk.until_disconnected().await;
    alice.says("meanwhile");
    scene.dingtalk.until_connected(2).await;
    assert_eq!(alice.replies(2).await[1].text(), "echo: meanwhile");
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 2);
}

#[tokio::test]
async fn the_bot_comes_back_after_a_disconnect() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.dingtalk.disconnects();
    scene.dingtalk.until_connected(2).await;
    let alice = scene.dingtalk.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_platform_that_refuses_connections_is_asked_again() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.dingtalk.calls().fault(Endpoint::OpenConnection, Fault::status(500));
    scene.dingtalk.calls().fault(Endpoint::OpenConnection, Fault::too_many(1));
    scene.dingtalk.drops_connection();
    scene.dingtalk.until_connected(2).await;
    let alice = scene.dingtalk.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn pings_are_answered() {
    let scene = Scene::with(DingTalk::builder().ping(Duration::from_millis(300))).await;
    let gateway = scene.start().await;
    scene.dingtalk.until_pongs(5).await;
    assert_eq!(scene.dingtalk.connections(), 1);
    scene.end(gateway).await;
}
