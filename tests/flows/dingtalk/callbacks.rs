//! The agent answers later, by calling back.

use ocg_tests::agents::Answer;
use ocg_tests::harness::Config;

use super::scene::Scene;
use crate::callbacks::{call_back, free_port};

/// A configuration for an agent that accepts everything and answers later.
fn asynchronous(scene: &Scene) -> Config {
    scene.agent.answers(|_| Answer::error(202, "accepted"));
    scene
        .config()
        .set(&["async"], true)
        .set(&["callbackHost"], "127.0.0.1")
        .set(&["callbackPort"], free_port())
}

async fn callback_url(scene: &Scene, n: usize) -> String {
    scene.agent.until_asked(n).await[n - 1].headers["x-ocg-callback"].clone()
}

/// The user gets the answer and nothing before it. The plugin answers one message of a chat after
/// the other.
#[tokio::test]
async fn what_the_agent_says_later_is_the_only_answer() {
    let scene = Scene::new().await;
    scene.home.configure(&asynchronous(&scene));
    let gateway = scene.start().await;
    let (alice, bob) = (scene.dingtalk.user("alice"), scene.dingtalk.user("bob"));
    alice.says("one");
    let first = callback_url(&scene, 1).await;
    alice.says("two");
    bob.says("hi");
    let bobs = callback_url(&scene, 2).await;
    assert_eq!(call_back(&bobs, "The answer to Bob").await, 200);
    assert_eq!(bob.reply(1).await, "The answer to Bob");
    assert_eq!(call_back(&first, "The answer to one").await, 200);
    alice.until_told("The answer to one").await;
    let second = callback_url(&scene, 3).await;
    assert_eq!(call_back(&second, "The answer to two").await, 200);
    alice.until_told("The answer to two").await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|s| s.text().to_owned()).collect();
    assert_eq!(texts, ["The answer to one", "The answer to two"]);
}

#[tokio::test]
async fn a_restart_before_the_answer_loses_nothing() {
    let scene = Scene::new().await;
    scene.home.configure(&asynchronous(&scene));
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.says("one");
    let url = callback_url(&scene, 1).await;
    gateway.output().until("will call back").await;
    gateway.stop().await;
    assert!(alice.received().is_empty(), "{:?}", alice.received());
    let gateway = scene.start().await;
    assert_eq!(call_back(&url, "late but here").await, 200);
    assert_eq!(alice.reply(1).await, "late but here");
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1);
}

#[tokio::test]
async fn a_card_is_filled_later() {
    let scene = Scene::new().await;
    let config = asynchronous(&scene).set(&["channels", "dingtalk", "messageType"], "card");
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.says("one");
    let url = callback_url(&scene, 1).await;
    gateway.output().until("will call back").await;
    assert_eq!(call_back(&url, "The late answer").await, 200);
    alice
        .until_card("with the late answer", |card| {
            card.finished && card.variables.values().any(|text| text.contains("The late answer"))
        })
        .await;
    scene.end(gateway).await;
}
