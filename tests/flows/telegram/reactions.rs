//! Reactions, both ways.

use super::scene::Scene;

#[tokio::test]
async fn the_bot_reacts_while_the_agent_works_if_so_configured() {
    let scene = Scene::new().await;
    let config = scene
        .config()
        .set(&["channels", "telegram", "ackReaction"], "👀")
        .set(&["messages", "ackReactionScope"], "all");
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    let said = alice.says("hi");
    assert_eq!(alice.until_reacted(said.message_id).await, "👀");
    alice.until_says("echo: hi").await;
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_user_s_reaction_disturbs_nothing() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("one");
    let reply = alice.until_says("echo: one").await;
    alice.reacts(reply.message_id, "👍");
    alice.says("two");
    alice.until_told("two").await;
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 2);
}
