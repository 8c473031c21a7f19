//! Sending fails. No message is lost without a word.

use ocg_tests::platforms::wechat::{Endpoint, Fault};

use crate::scene::Scene;

#[tokio::test]
async fn a_failed_send_is_repeated_or_told() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    scene.wechat.fault(Endpoint::SendMessage, Fault::Http(502));
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    let text = alice.reply(1).await;
    assert!(text == "echo: hi" || text.contains('⚠'), "{text}");
    alice.says("again");
    alice.replies(2).await;
    scene.end(gateway).await;
    let last = alice.received().pop().unwrap();
    assert_eq!(last.text(), "echo: again");
}

#[tokio::test]
async fn typing_that_fails_does_not_hold_up_the_reply() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    scene.wechat.fault(Endpoint::GetConfig, Fault::Http(500));
    scene.wechat.fault(Endpoint::SendTyping, Fault::Drop);
    let alice = scene.wechat.user("alice");
    alice.says("one");
    assert_eq!(alice.reply(1).await, "echo: one");
    alice.says("two");
    assert_eq!(alice.replies(2).await[1].text(), "echo: two");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_start_that_the_platform_does_not_acknowledge_is_a_start() {
    let scene = Scene::with_users(&["alice"]).await;
    scene.wechat.fault(Endpoint::NotifyStart, Fault::Http(500));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}
