//! Access tokens run out and are renewed.

use std::time::Duration;

use ocg_tests::harness::Gateway;
use ocg_tests::platforms::dingtalk::{DingTalk, Endpoint};

use super::scene::Scene;

#[tokio::test]
async fn an_old_token_is_renewed_before_the_next_answer() {
    // Renewed once less than a minute of its life is left: for every message, here.
    let scene = Scene::with(DingTalk::builder().token_life(Duration::from_secs(60))).await;
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.says("one");
    alice.replies(1).await;
    let before = scene.dingtalk.calls().requests_to(Endpoint::AccessToken).len();
    alice.says("two");
    assert_eq!(alice.replies(2).await[1].text(), "echo: two");
    assert!(scene.dingtalk.calls().requests_to(Endpoint::AccessToken).len() > before);
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_busy_token_server_is_asked_again() {
    use ocg_tests::platforms::api::Fault;
    let scene = Scene::new().await;
    scene.dingtalk.calls().fault(Endpoint::AccessToken, Fault::too_many(1));
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_wrong_secret_is_told_to_the_operator() {
    let scene = Scene::new().await;
    let config = scene.config().set(&["channels", "dingtalk", "clientSecret"], "guess-4711");
    scene.home.configure(&config);
    let gateway = Gateway::start(&scene.home);
    gateway.output().until("Connection attempt 1 failed").await;
    assert!(!gateway.output().text().contains("guess-4711"), "the secret is in the log");
    gateway.stop().await;
}
