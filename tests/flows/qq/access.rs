//! Who may write to the bot.

use ocg_tests::agents::Answer;
use serde_json::json;

use super::scene::Scene;
use crate::pairing;

#[tokio::test]
async fn strangers_to_the_allow_list_are_not_answered() {
    let scene = Scene::new().await;
    let config = scene.config().set(&["channels", "qqbot", "allowFrom"], json!(["ALICE0001"]));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let (alice, mallory) = (scene.qq.user("ALICE0001"), scene.qq.user("MALLORY01"));
    mallory.says("let me in");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    assert_eq!(scene.agent.requests().len(), 1, "the stranger reached the agent");
    scene.end(gateway).await;
    assert!(mallory.received().iter().all(|sent| !sent.text().contains("echo")));
}

#[tokio::test]
async fn strangers_to_a_group_s_allow_list_are_not_answered() {
    let scene = Scene::new().await;
    let config = scene
        .config()
        .set(&["channels", "qqbot", "groupPolicy"], "allowlist")
        .set(&["channels", "qqbot", "groupAllowFrom"], json!(["ALICE0001"]));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let group = scene.qq.group("GROUP0001");
    group.mentions("MALLORY01", "let me in");
    group.mentions("ALICE0001", "hi");
    assert!(group.reply(1).await.contains("hi"));
    assert_eq!(scene.agent.requests().len(), 1, "the stranger reached the agent");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_stranger_is_let_in_once_paired() {
    let scene = Scene::new().await;
    let config = scene.config().set(&["channels", "qqbot", "dmPolicy"], "pairing");
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    let told = alice.reply(1).await;
    assert!(scene.agent.requests().is_empty(), "asked before the approval");
    let code = pairing::code(&told);
    scene.home.run(&["pairing", "approve", "--channel", "qqbot", code]).await.exits(0);
    scene.agent.next(Answer::text("welcome"));
    alice.says("hi again");
    alice.until_told("welcome").await;
    scene.end(gateway).await;
}

#[tokio::test]
async fn pairing_leaves_groups_as_strict_as_they_were() {
    let scene = Scene::new().await;
    let config = scene
        .config()
        .set(&["channels", "qqbot", "dmPolicy"], "pairing")
        .set(&["channels", "qqbot", "allowFrom"], json!(["ALICE0001"]));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let (alice, mallory) = (scene.qq.user("ALICE0001"), scene.qq.user("MALLORY01"));
    let group = scene.qq.group("GROUP0001");
    group.mentions("MALLORY01", "let me in");
    mallory.says("let me in");
    pairing::code(&mallory.reply(1).await);
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi", "who is listed needs no approval");
    group.mentions("ALICE0001", "hi all");
    assert!(group.reply(1).await.contains("hi all"));
    assert_eq!(scene.agent.requests().len(), 2, "the stranger reached the agent");
    scene.end(gateway).await;
}
