//! The gateway is restarted; nothing is lost and nothing is answered twice.

use super::scene::Scene;

#[tokio::test]
async fn the_session_goes_on_where_it_was() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("first");
    assert_eq!(alice.reply(1).await, "echo: first");
    gateway.stop().await;
    alice.says("while it was away");
    let gateway = scene.start().await;
    assert_eq!(alice.replies(2).await[1].text(), "echo: while it was away");
    scene.end(gateway).await;
    assert_eq!(scene.qq.connections().resumed, 1);
    assert_eq!(alice.received().len(), 2);
}

#[tokio::test]
async fn a_crash_after_the_reply_does_not_repeat_it() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("first");
    alice.replies(1).await;
    // Before this is on record, the reply may have arrived or not, and is sent once more.
    gateway.output().until("[OUT]").await;
    gateway.crash().await;
    let gateway = scene.start().await;
    alice.says("second");
    alice.until_told("second").await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|s| s.text().to_owned()).collect();
    assert_eq!(texts, ["echo: first", "echo: second"]);
    assert_eq!(scene.agent.requests().len(), 2, "the agent was asked again");
}
