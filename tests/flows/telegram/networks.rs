//! Ways to the Bot API: a proxy of the channel's own, and a Bot API server of one's own.

use ocg_tests::harness::Config;
use serde_json::Value;

use super::scene::Scene;
use crate::pixel;

async fn chats(scene: &Scene) {
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("hi");
    alice.until_says("echo: hi").await;
    alice.sends_photo(&pixel::png(), "and this?");
    alice.replies(2).await;
    assert_eq!(scene.agent.requests()[1].images(), [pixel::data_url()]);
    scene.end(gateway).await;
}

#[tokio::test]
#[ignore = "no poll arrives within 45 s through channels.telegram.proxy"]
async fn an_http_proxy_of_the_channel_s_own() {
    let scene = Scene::new().await;
    scene.home.configure(
        &scene
            .config()
            .set(&["pluginProxy"], Value::Null)
            .set(&["channels", "telegram", "proxy"], scene.proxy().http_url()),
    );
    chats(&scene).await;
}

#[tokio::test]
async fn a_socks_proxy() {
    let scene = Scene::new().await;
    scene.home.configure(&scene.config().set(&["pluginProxy"], scene.proxy().socks_url()));
    chats(&scene).await;
}

#[tokio::test]
async fn a_bot_api_server_of_one_s_own() {
    let scene = Scene::new().await;
    let config = Config::new(&scene.agent)
        .telegram(&scene.telegram)
        .set(&["channels", "telegram", "apiRoot"], scene.telegram.own_url());
    scene.home.configure(&config);
    chats(&scene).await;
    assert!(scene.proxy().tunnels().is_empty());
}

#[tokio::test]
async fn an_outage_is_waited_out() {
    let mut scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("one");
    alice.until_says("echo: one").await;
    scene.telegram.goes_away().await;
    alice.says("two");
    scene.telegram.comes_back();
    alice.until_says("echo: two").await;
    scene.end(gateway).await;
}
