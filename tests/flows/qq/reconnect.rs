//! The gateway's connection ends, in every way in which it may.

use std::time::Duration;

use ocg_tests::platforms::qq::Qq;

use super::scene::Scene;

#[tokio::test]
async fn after_a_drop_the_session_goes_on_and_nothing_is_missed() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("before");
    alice.replies(1).await;
    scene.qq.drops_connection();
    scene.qq.until_disconnected().await;
    alice.says("meanwhile");
    scene.qq.until_connected(1, 1).await;
    assert_eq!(alice.replies(2).await[1].text(), "echo: meanwhile");
    scene.end(gateway).await;
    assert_eq!(scene.qq.connections().identified, 1, "resumed, not begun anew");
    assert_eq!(alice.received().len(), 2);
}

#[tokio::test]
async fn the_bot_reconnects_when_asked() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.qq.asks_to_reconnect();
    scene.qq.until_connected(1, 1).await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_session_that_is_over_is_begun_anew() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.qq.invalidates_session();
    scene.qq.until_connected(2, 0).await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn heartbeats_keep_the_connection() {
    let scene = Scene::with(Qq::builder().heartbeat(Duration::from_millis(500))).await;
    let gateway = scene.start().await;
    scene.qq.until_heartbeats(5).await;
    let connections = scene.qq.connections();
    assert_eq!((connections.identified, connections.resumed), (1, 0));
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_platform_that_was_away_is_found_again() {
    let mut scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.qq.goes_away().await;
    gateway.output().until("onnection").await;
    scene.qq.comes_back();
    scene.qq.until_connected(1, 1).await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}
