//! Sending fails. No message is lost without a word.

use ocg_tests::agents::{Answer, Gate};
use ocg_tests::platforms::wechat::{Endpoint, Fault};

use crate::scene::Scene;

const PARTLY_LOST: &str = "⚠️ Part of the answer could not be delivered.";

/// A failure after which the message may have arrived or not: it is not sent again, and the user
/// is told.
async fn told_after(fault: Fault, expected: &[&str]) {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    scene.wechat.fault(Endpoint::SendMessage, fault);
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    assert_eq!(alice.until_told("⚠️").await, PARTLY_LOST);
    alice.says("again");
    alice.replies(expected.len() + 1).await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|sent| sent.text().to_owned()).collect();
    assert_eq!(texts, [expected, &["echo: again"]].concat());
}

#[tokio::test]
async fn a_server_error_is_not_repeated_but_told() {
    told_after(Fault::Http(500), &[PARTLY_LOST]).await;
}

#[tokio::test]
async fn a_dropped_connection_is_not_repeated_but_told() {
    told_after(Fault::Drop, &[PARTLY_LOST]).await;
}

#[tokio::test]
async fn a_message_that_arrived_without_an_acknowledgement_is_not_sent_twice() {
    told_after(Fault::DropAfter, &["echo: hi", PARTLY_LOST]).await;
}

/// Nobody listens, so nothing can have arrived: the message is sent again.
#[tokio::test]
async fn what_surely_was_not_sent_is_repeated() {
    let mut scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    scene.agent.next(Answer::text("after all").behind(&gate));
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    scene.agent.until_asked(1).await;
    scene.wechat.goes_away().await;
    gate.open();
    gateway.output().until("delivery failed; tries again").await;
    scene.wechat.comes_back();
    assert_eq!(alice.reply(1).await, "after all");
    scene.wechat.until_polled().await;
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1);
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
