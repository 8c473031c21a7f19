//! A user quotes an earlier message; the agent learns what it said.

use ocg_tests::platforms::wechat::Quoted;

use crate::scene::Scene;

#[tokio::test]
async fn a_quote_that_carries_its_text() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    let text = "the train leaves at 9:14".to_owned();
    alice.quotes(&Quoted::Inline { id: 7_400_000_000_000_000_001, text }, "is that right?");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(
        asked.contains("the train leaves at 9:14") && asked.contains("is that right?"),
        "{asked}"
    );
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_quote_by_id_of_what_the_user_said() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    // Neighbouring ids differ only beyond the precision of a double.
    let first = alice.says("apples are red");
    alice.says("bananas are yellow");
    alice.replies(2).await;
    alice.quotes(&Quoted::Id(first.message_id), "sure?");
    alice.replies(3).await;
    let asked = scene.agent.requests()[2].text();
    assert!(asked.contains("apples are red") && asked.contains("sure?"), "{asked}");
    assert!(!asked.contains("bananas"), "{asked}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_quote_by_id_of_what_the_agent_said_even_after_a_restart() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("remember the number 4711");
    let replies = alice.replies(1).await;
    // The plugin remembers what it sent once the platform has acknowledged it.
    gateway.output().until("[OUT]").await;
    gateway.stop().await;
    let gateway = scene.start().await;
    alice.quotes(&Quoted::Id(replies[0].message_id), "which number?");
    alice.replies(2).await;
    let asked = scene.agent.requests()[1].text();
    assert!(asked.contains("echo: remember the number 4711"), "{asked}");
    scene.end(gateway).await;
}
