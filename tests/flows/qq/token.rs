//! Access tokens run out and are renewed.

use std::time::Duration;

use ocg_tests::platforms::qq::{Endpoint, Qq};

use super::scene::Scene;

#[tokio::test]
async fn an_old_token_is_renewed_before_the_next_answer() {
    // Renewed once a third of its life is left: in time for the second message.
    let scene = Scene::with(Qq::builder().token_life(Duration::from_secs(3))).await;
    let gateway = scene.start().await;
    let tokens = || scene.qq.calls().requests_to(Endpoint::AccessToken).len();
    let first = tokens();
    let alice = scene.qq.user("ALICE0001");
    for n in 1.. {
        alice.says("still there?");
        alice.replies(n).await;
        if tokens() > first {
            break;
        }
    }
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_void_token_at_the_gateway_is_replaced() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.qq.forgets_tokens();
    scene.qq.closes_connection(4004);
    scene.qq.until_connected(1, 1).await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_wrong_secret_is_told_to_the_operator() {
    let scene = Scene::new().await;
    scene.home.configure(&scene.config().set(&["channels", "qqbot", "clientSecret"], "guess-4711"));
    let gateway = ocg_tests::harness::Gateway::start(&scene.home);
    gateway.output().until("invalid appid or secret").await;
    assert!(!gateway.output().text().contains("guess-4711"), "the secret is in the log");
    gateway.stop().await;
}
