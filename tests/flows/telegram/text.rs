//! Someone writes, the agent answers.

use super::scene::Scene;

#[tokio::test]
async fn a_private_message_is_answered() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("Grüße 👋");
    alice.until_says("echo: Grüße 👋").await;
    assert!(scene.session_of("Grüße").starts_with("telegram:"), "{}", scene.session_of("Grüße"));
    scene.end(gateway).await;
    assert_eq!(alice.texts(), ["echo: Grüße 👋"], "answered once");
}

#[tokio::test]
async fn each_chat_has_a_session_of_its_own() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (alice, bob) = (scene.telegram.user("alice"), scene.telegram.user("bob"));
    alice.says("a1");
    bob.says("b1");
    tokio::join!(alice.until_says("echo: a1"), bob.until_says("echo: b1"));
    alice.says("a2");
    alice.until_says("echo: a2").await;
    assert_eq!(scene.session_of("a1"), scene.session_of("a2"));
    assert_ne!(scene.session_of("a1"), scene.session_of("b1"));
    scene.end(gateway).await;
    assert_eq!(alice.texts(), ["echo: a1", "echo: a2"]);
    assert_eq!(bob.texts(), ["echo: b1"]);
}

#[tokio::test]
async fn the_user_sees_that_the_agent_works() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("hi");
    alice.until_says("echo: hi").await;
    assert!(!alice.typing().is_empty());
    scene.end(gateway).await;
}

#[tokio::test]
async fn an_agent_that_fails_is_told_to_the_user() {
    let scene = Scene::new().await;
    scene.agent.answers(|_| ocg_tests::agents::Answer::error(401, "no key"));
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("hi");
    alice.until_told("⚠️ Agent error").await;
    scene.end(gateway).await;
    assert_eq!(alice.texts().len(), 1, "{:?}", alice.texts());
}

#[tokio::test]
async fn what_is_said_answers_what_is_quoted() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("one");
    let first = alice.until_says("echo: one").await;
    alice.answers(first.message_id, "why?");
    scene.agent.until_asked(2).await;
    let asked = scene.agent.requests()[1].text();
    assert!(asked.contains("why?") && asked.contains("echo: one"), "{asked}");
    alice.until_told("why?").await;
    scene.end(gateway).await;
}
