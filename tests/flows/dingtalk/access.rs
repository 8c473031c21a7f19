//! Who may write to the bot.

use ocg_tests::agents::Answer;
use serde_json::json;

use super::scene::Scene;
use crate::pairing;

#[tokio::test]
async fn strangers_to_the_allow_list_are_not_answered() {
    let scene = Scene::new().await;
    let config = scene
        .config()
        .set(&["channels", "dingtalk", "dmPolicy"], "allowlist")
        .set(&["channels", "dingtalk", "allowFrom"], json!(["alice"]));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let (alice, mallory) = (scene.dingtalk.user("alice"), scene.dingtalk.user("mallory"));
    mallory.says("let me in");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    assert_eq!(scene.agent.requests().len(), 1, "the stranger reached the agent");
    scene.end(gateway).await;
    assert!(mallory.received().iter().all(|sent| !sent.text().contains("echo")));
}

#[tokio::test]
async fn groups_that_are_not_listed_are_not_answered() {
    let scene = Scene::new().await;
    let (group, other) = (scene.dingtalk.group("friends"), scene.dingtalk.group("strangers"));
    let mut groups = json!({});
    groups[group.id()] = json!({});
    let config = scene
        .config()
        .set(&["channels", "dingtalk", "groupPolicy"], "allowlist")
        .set(&["channels", "dingtalk", "groups"], groups);
    scene.home.configure(&config);
    let gateway = scene.start().await;
    other.mentions("mallory", "let me in");
    group.mentions("alice", "hi");
    assert!(group.reply(1).await.contains("hi"));
    assert_eq!(scene.agent.requests().len(), 1, "the stranger reached the agent");
    scene.end(gateway).await;
}

#[tokio::test]
async fn strangers_in_groups_are_not_answered() {
    let scene = Scene::new().await;
    let group = scene.dingtalk.group("friends");
    let mut groups = json!({});
    groups[group.id()] = json!({});
    let config = scene
        .config()
        .set(&["channels", "dingtalk", "groupPolicy"], "allowlist")
        .set(&["channels", "dingtalk", "groups"], groups)
        .set(&["channels", "dingtalk", "groupAllowFrom"], json!(["alice"]));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    group.mentions("mallory", "let me in");
    group.mentions("alice", "hi");
    group.until_told("hi").await;
    assert_eq!(scene.agent.requests().len(), 1, "the stranger reached the agent");
    scene.end(gateway).await;
}

/// The plugin takes an entry of `allowFrom` for a group: that opens it to no stranger.
#[tokio::test]
async fn a_list_without_groups_opens_none() {
    let scene = Scene::new().await;
    let group = scene.dingtalk.group("friends");
    let config = scene
        .config()
        .set(&["channels", "dingtalk", "groupPolicy"], "allowlist")
        .set(&["channels", "dingtalk", "allowFrom"], json!(["alice", group.id()]));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    group.mentions("mallory", "let me in");
    group.mentions("alice", "hi");
    group.until_told("hi").await;
    assert_eq!(scene.agent.requests().len(), 1, "the stranger reached the agent");
    scene.end(gateway).await;
}

/// The plugin itself lets everybody in under this policy: the gateway's own gate does not.
#[tokio::test]
async fn a_stranger_is_let_in_once_paired() {
    let scene = Scene::new().await;
    let config = scene.config().set(&["channels", "dingtalk", "dmPolicy"], "pairing");
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.says("hi");
    let told = alice.reply(1).await;
    assert!(scene.agent.requests().is_empty(), "asked before the approval");
    let approve = ["pairing", "approve", "--channel", "dingtalk", pairing::code(&told)];
    scene.home.run(&approve).await.exits(0);
    scene.agent.next(Answer::text("welcome"));
    alice.says("hi again");
    alice.until_told("welcome").await;
    scene.end(gateway).await;
}
