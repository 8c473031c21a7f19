//! A user writes, the agent answers.

use serde_json::json;

use crate::scene::Scene;

#[tokio::test]
async fn a_message_is_answered() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("Grüße 👋");
    assert_eq!(alice.reply(1).await, "echo: Grüße 👋");

    let requests = scene.agent.requests();
    let request = &requests[0];
    assert_eq!(request.body["model"], "test-model");
    assert_eq!(request.body["stream"], true);
    assert_eq!(request.body["messages"], json!([{"role": "user", "content": "Grüße 👋"}]));
    assert!(request.body["user"].as_str().unwrap().starts_with("openclaw-weixin:"));
    assert_eq!(request.headers["x-ocg-target"], alice.id());
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1, "answered once");
}

#[tokio::test]
async fn each_user_gets_their_own_answers_in_order() {
    let scene = Scene::with_users(&["alice", "bob"]).await;
    let gateway = scene.start().await;
    let (alice, bob) = (scene.wechat.user("alice"), scene.wechat.user("bob"));
    for n in 1..=3 {
        alice.says(&format!("a{n}"));
        bob.says(&format!("b{n}"));
    }
    let (to_alice, to_bob) = tokio::join!(alice.replies(3), bob.replies(3));
    let texts = |all: &[ocg_tests::platforms::wechat::Sent]| -> Vec<String> {
        all.iter().map(|sent| sent.text().to_owned()).collect()
    };
    assert_eq!(texts(&to_alice), ["echo: a1", "echo: a2", "echo: a3"]);
    assert_eq!(texts(&to_bob), ["echo: b1", "echo: b2", "echo: b3"]);
    let sessions = scene.agent.requests();
    let user_of = |text: &str| {
        let request = sessions.iter().find(|request| request.text() == text).unwrap();
        request.body["user"].clone()
    };
    assert_eq!(user_of("a1"), user_of("a3"));
    assert_ne!(user_of("a1"), user_of("b1"));
    scene.end(gateway).await;
    assert_eq!((alice.received().len(), bob.received().len()), (3, 3));
}

#[tokio::test]
async fn the_agents_key_and_the_system_prompt_go_along() {
    let scene = Scene::with_users(&["alice"]).await;
    let config =
        scene.config().set(&["apiKey"], "sk-test-0815").set(&["systemPrompt"], "Be brief.");
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    alice.replies(1).await;
    let request = &scene.agent.requests()[0];
    assert_eq!(request.headers["authorization"], "Bearer sk-test-0815");
    assert_eq!(request.body["messages"][0], json!({"role": "system", "content": "Be brief."}));
    assert!(!gateway.output().text().contains("sk-test-0815"), "the key is in the log");
    scene.end(gateway).await;
}
