//! Arguments that a running gateway does not know.

use super::told::{Told, assert_told};
use crate::scene::Scene;

/// What the operator is told of `arguments` while WeChat runs.
async fn told(arguments: &[&str]) -> Told {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let finished = scene.home.run(arguments).await;
    assert_ne!(finished.code, Some(0), "{finished}");
    scene.end(gateway).await;
    Told::of_command(finished.stderr).checked(&[&scene.wechat.token()])
}

#[tokio::test]
async fn an_account_that_does_not_exist() {
    let start = ["channels", "start", "--channel", "openclaw-weixin", "--account", "nobody"];
    assert_told!(told(&start).await);
}

#[tokio::test]
async fn a_channel_that_does_not_run() {
    assert_told!(told(&["channels", "stop", "--channel", "carrier-pigeon"]).await);
}

#[tokio::test]
async fn a_message_from_an_account_that_does_not_exist() {
    let to = ["send", "--channel", "openclaw-weixin", "--account", "nobody", "--to", "x@im.wechat"];
    assert_told!(told(&[&to[..], &["--text", "hi"]].concat()).await);
}

#[tokio::test]
async fn a_message_on_a_channel_that_does_not_run() {
    let send = ["send", "--channel", "carrier-pigeon", "--to", "x", "--text", "hi"];
    assert_told!(told(&send).await);
}
