//! Sending fails. No message is lost without a word.

use std::time::Duration;

use ocg_tests::agents::{Answer, Gate};
use ocg_tests::platforms::api::Fault;
use ocg_tests::platforms::qq::Endpoint;

use super::scene::Scene;

const PARTLY_LOST: &str = "⚠️ Part of the answer could not be delivered.";

/// The reply to "two" goes wrong with `fault`; then the user writes again and is answered. Returns
/// what came between the replies to the messages before and after.
async fn received_after(fault: Fault) -> Vec<String> {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("one");
    alice.replies(1).await;
    let gate = Gate::closed();
    scene.agent.next(Answer::text("echo: two").behind(&gate));
    alice.says("two");
    // Typing is a message to the platform as well, and has been shown by now.
    scene.agent.until_asked(2).await;
    scene.qq.calls().fault(Endpoint::UserMessage, fault);
    gate.open();
    alice.replies(2).await;
    alice.says("three");
    alice.until_told("three").await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|s| s.text().to_owned()).collect();
    let between = texts.strip_prefix(&["echo: one".to_owned()]);
    let between = between.and_then(|texts| texts.strip_suffix(&["echo: three".to_owned()]));
    between.unwrap_or_else(|| panic!("{texts:?}")).to_vec()
}

#[tokio::test]
async fn after_too_many_calls_the_reply_comes_later() {
    assert_eq!(received_after(Fault::too_many(1)).await, ["echo: two"]);
}

/// An error of the platform's own, in its JSON: the message was not taken.
#[tokio::test]
async fn a_refused_answer_comes_as_a_message_of_its_own() {
    assert_eq!(received_after(Fault::status(500)).await, ["echo: two"]);
}

#[tokio::test]
async fn a_server_error_is_not_repeated_but_told() {
    assert_eq!(received_after(Fault::status(502)).await, [PARTLY_LOST]);
}

#[tokio::test]
async fn a_dropped_connection_is_not_repeated_but_told() {
    assert_eq!(received_after(Fault::Drop).await, [PARTLY_LOST]);
}

#[tokio::test]
async fn a_message_that_arrived_without_an_acknowledgement_is_not_sent_twice() {
    assert_eq!(received_after(Fault::DropAfter).await, ["echo: two", PARTLY_LOST]);
}

/// Nobody listens, so nothing can have arrived: the message is sent again.
#[tokio::test]
async fn what_surely_was_not_sent_is_repeated() {
    let mut scene = Scene::new().await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    scene.agent.next(Answer::text("after all").behind(&gate));
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    scene.agent.until_asked(1).await;
    scene.qq.goes_away().await;
    gate.open();
    gateway.output().until("delivery failed; tries again").await;
    scene.qq.comes_back();
    assert_eq!(alice.reply(1).await, "after all");
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1);
}

#[tokio::test]
async fn a_slow_platform_is_waited_for() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.qq.calls().fault(Endpoint::UserMessage, Fault::Slow(Duration::from_millis(1500)));
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_busy_gateway_is_asked_again() {
    let scene = Scene::new().await;
    scene.qq.calls().fault(Endpoint::GatewayUrl, Fault::status(500));
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}
