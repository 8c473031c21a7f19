//! Deaths at named points, in both modes.

use ocg_tests::agents::{Callback, Callbacks};
use std::time::Duration;

use super::DUPLICATE;
use crate::callbacks::unsigned;
use crate::scene::Scene;

/// How a gateway went on after its death.
struct Aftermath {
    /// What the user received.
    texts: Vec<String>,
    /// What the second gateway printed.
    output: String,
}

impl Aftermath {
    /// How often the second gateway said that a message may come twice.
    fn duplicates(&self) -> usize {
        self.output.matches(DUPLICATE).count()
    }
}

/// Lets the gateway die at `point` of its first turn and starts it again.
async fn dies_at(mut scene: Scene, point: &str) -> Aftermath {
    scene.home = scene.home.variable("OCG_CRASH_AT", point);
    let mut gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    assert_eq!(gateway.ended().await, None, "died by a signal at {point}");

    scene.home = scene.home.variable("OCG_CRASH_AT", "");
    let gateway = scene.start().await;
    gateway.output().until_any(&["[OUT]", DUPLICATE]).await;
    // One more turn of the same session: what came before it is over.
    alice.says("again");
    alice.until_told("echo: again").await;
    let output = gateway.output().clone();
    scene.end(gateway).await;
    let texts = alice.received().iter().map(|sent| sent.text().to_owned()).collect();
    Aftermath { texts, output: output.text() }
}

async fn dies_streaming(point: &str) -> Aftermath {
    dies_at(Scene::with_users(&["alice"]).await, point).await
}

/// The same with an agent that calls back; also gives its callbacks.
async fn dies_calling_back(point: &str) -> (Aftermath, Vec<Callback>) {
    let scene = Scene::with_users(&["alice"]).await;
    scene.home.configure(&unsigned(&scene));
    let callbacks = Callbacks::of(&scene.agent, |_| Duration::from_millis(20));
    let aftermath = dies_at(scene, point).await;
    (aftermath, callbacks.until_settled().await)
}

fn statuses(callbacks: &[Callback]) -> Vec<u16> {
    callbacks.iter().filter_map(|callback| callback.settled).collect()
}

#[tokio::test]
async fn after_the_admission_nothing_is_lost_and_nothing_comes_twice() {
    for point in ["after-admit", "after-forward"] {
        let after = dies_streaming(point).await;
        assert_eq!(after.texts, ["echo: hello", "echo: again"], "{point}");
        assert_eq!(after.duplicates(), 0, "{point}: {}", after.output);
    }
}

#[tokio::test]
async fn before_the_send_it_is_sent_and_may_be_a_duplicate_for_all_we_know() {
    let after = dies_streaming("before-send").await;
    assert_eq!(after.texts, ["echo: hello", "echo: again"]);
    assert_eq!(after.duplicates(), 1, "{}", after.output);
}

#[tokio::test]
async fn after_the_send_it_comes_twice_and_the_log_says_so() {
    let after = dies_streaming("after-send").await;
    assert_eq!(after.texts, ["echo: hello", "echo: hello", "echo: again"]);
    assert_eq!(after.duplicates(), 1, "{}", after.output);
}

#[tokio::test]
async fn before_the_agent_is_asked_to_call_back_it_is_asked_after_the_restart() {
    let (after, callbacks) = dies_calling_back("after-admit").await;
    assert_eq!(after.texts, ["echo: hello", "echo: again"]);
    assert_eq!(after.duplicates(), 0, "{}", after.output);
    assert_eq!(statuses(&callbacks), [200, 200]);
}

#[tokio::test]
async fn an_agent_that_was_asked_before_the_death_is_heard_once() {
    let (after, callbacks) = dies_calling_back("after-forward").await;
    // Whether the agent is asked again depends on who is first, its callback or the restart.
    let hello: Vec<_> = callbacks.iter().filter(|one| one.text == "hello").collect();
    let accepted: Vec<_> = hello.iter().filter(|one| one.settled == Some(200)).collect();
    assert_eq!(accepted.len(), 1, "{hello:?}");
    assert_eq!(after.texts, [accepted[0].reply.as_str(), "echo: again"]);
    assert_eq!(after.duplicates(), 0, "{}", after.output);
}

#[tokio::test]
async fn before_its_token_is_used_up_a_callback_is_as_good_as_never_posted() {
    let (after, callbacks) = dies_calling_back("before-token").await;
    assert_eq!(after.texts, ["echo: hello", "echo: again"]);
    assert_eq!(after.duplicates(), 0, "{}", after.output);
    assert_eq!(statuses(&callbacks), [200, 200]);
    assert!(callbacks[0].posts > 1, "it had to be repeated");
}

#[tokio::test]
async fn once_its_token_is_used_up_a_callback_is_delivered_though_the_agent_never_heard_so() {
    let (after, callbacks) = dies_calling_back("after-token").await;
    assert_eq!(after.texts, ["echo: hello", "echo: again"]);
    assert_eq!(after.duplicates(), 0, "{}", after.output);
    assert_eq!(statuses(&callbacks), [409, 200]);
}

#[tokio::test]
async fn a_callbacks_reply_that_may_have_been_sent_is_sent_once_more_and_logged() {
    for (point, times) in [("before-send", 1), ("after-send", 2)] {
        let (after, callbacks) = dies_calling_back(point).await;
        let mut expected = vec!["echo: hello"; times];
        expected.push("echo: again");
        assert_eq!(after.texts, expected, "{point}");
        assert_eq!(after.duplicates(), 1, "{point}: {}", after.output);
        assert_eq!(asked(&callbacks), ["hello", "again"], "{point}");
    }
}

/// What the agent was asked.
fn asked(callbacks: &[Callback]) -> Vec<&str> {
    callbacks.iter().map(|callback| callback.text.as_str()).collect()
}
