//! Who may write to the bot.

use serde_json::json;

use super::scene::Scene;
use crate::pairing;

#[tokio::test]
async fn strangers_to_the_allow_list_are_not_answered() {
    let scene = Scene::new().await;
    let (alice, mallory) = (scene.telegram.user("alice"), scene.telegram.user("mallory"));
    let config = scene
        .config()
        .set(&["channels", "telegram", "dmPolicy"], "allowlist")
        .set(&["channels", "telegram", "allowFrom"], json!([alice.speaker_id().to_string()]));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    mallory.says("let me in");
    alice.says("hi");
    alice.until_says("echo: hi").await;
    assert_eq!(scene.agent.requests().len(), 1, "the stranger reached the agent");
    scene.end(gateway).await;
    assert!(!mallory.texts().iter().any(|text| text.contains("echo")));
}

#[tokio::test]
async fn strangers_to_a_group_s_allow_list_are_not_answered() {
    let scene = Scene::new().await;
    let group = scene.telegram.group("friends");
    let alice = group.member("alice");
    let config = scene
        .config()
        .set(&["channels", "telegram", "groupPolicy"], "allowlist")
        .set(&["channels", "telegram", "groupAllowFrom"], json!([alice.speaker_id().to_string()]))
        .set(&["channels", "telegram", "groups"], json!({group.id().to_string(): {}}));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    group.member("mallory").mentions("let me in");
    alice.mentions("hi");
    group.until_told("hi").await;
    assert_eq!(scene.agent.requests().len(), 1, "the stranger reached the agent");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_stranger_is_let_in_once_paired() {
    let scene = Scene::new().await;
    let config = scene
        .config()
        .set(&["channels", "telegram", "dmPolicy"], "pairing")
        .set(&["channels", "telegram", "allowFrom"], json!([]));
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("hi");
    let told = alice.replies(1).await[0].text();
    assert!(scene.agent.requests().is_empty(), "asked before the approval");
    let code = pairing::code(&told);
    scene.home.run(&["pairing", "approve", "--channel", "telegram", code]).await.exits(0);
    alice.says("hi again");
    alice.until_says("echo: hi again").await;
    scene.end(gateway).await;
}
