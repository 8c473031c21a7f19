//! The platform delivers a message twice.

use std::time::Duration;

use ocg_tests::agents::{Answer, Gate};
use ocg_tests::platforms::dingtalk::DingTalk;

use super::scene::Scene;

#[tokio::test]
async fn it_is_answered_once() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    let said = alice.says("only once");
    alice.replies(1).await;
    let again = scene.dingtalk.delivers_again(&said);
    scene.dingtalk.acknowledged(&again).await;
    alice.says("next");
    alice.until_told("next").await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|s| s.text().to_owned()).collect();
    assert_eq!(texts, ["echo: only once", "echo: next"]);
}

#[tokio::test]
async fn a_message_is_acknowledged_before_the_agent_has_answered() {
    let scene = Scene::with(DingTalk::builder().redelivery(Duration::from_secs(2))).await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    scene.agent.next(Answer::text("at last").behind(&gate));
    let alice = scene.dingtalk.user("alice");
    let said = alice.says("take your time");
    scene.agent.until_asked(1).await;
    assert_eq!(scene.dingtalk.acknowledged(&said).await.deliveries, 1);
    gate.open();
    assert_eq!(alice.reply(1).await, "at last");
    scene.end(gateway).await;
    assert_eq!(scene.agent.requests().len(), 1);
}
