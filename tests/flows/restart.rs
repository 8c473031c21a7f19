//! The gateway is restarted; nothing is lost and nothing is answered twice.

use ocg_tests::agents::Answer;

use crate::scene::Scene;

#[tokio::test]
async fn the_poll_goes_on_where_it_was() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("first");
    assert_eq!(alice.reply(1).await, "echo: first");
    gateway.stop().await;

    alice.says("while it was away");
    let gateway = scene.start().await;
    assert_eq!(alice.replies(2).await[1].text(), "echo: while it was away");
    scene.end(gateway).await;
    assert_eq!(scene.agent.requests().len(), 2, "each message was asked once");
    assert_eq!(alice.received().len(), 2);
}

#[tokio::test]
async fn a_crash_after_the_reply_does_not_repeat_it() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("first");
    alice.replies(1).await;
    // The gateway knows that it was sent; before, it would have to take a chance.
    gateway.output().until("[OUT]").await;
    // The cursor after the message is on disk once the next poll is open.
    scene.wechat.until_polled().await;
    gateway.crash().await;
    let gateway = scene.start().await;
    alice.says("second");
    assert_eq!(alice.replies(2).await[1].text(), "echo: second");
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 2);
}

#[tokio::test]
async fn a_second_gateway_on_the_same_login_is_refused() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let second = scene.home.run(&["start"]).await.exits(1);
    assert!(second.stderr.contains("ocg status"), "{second}");
    let alice = scene.wechat.user("alice");
    scene.agent.next(Answer::text("still here"));
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "still here");
    scene.end(gateway).await;
}
