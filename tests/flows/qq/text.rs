//! Someone writes, the agent answers.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::qq::SentItem;

use super::scene::Scene;

#[tokio::test]
async fn a_direct_message_is_answered() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    let said = alice.says("Grüße 👋");
    let replies = alice.replies(1).await;
    assert_eq!(replies[0].item, SentItem::Markdown("echo: Grüße 👋".into()));
    assert_eq!(replies[0].answers, Some(said.message_id), "an answer, not a message by itself");
    let request = &scene.agent.requests()[0];
    assert!(request.body["user"].as_str().unwrap().starts_with("qqbot:"), "{}", request.body);
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1, "answered once");
}

#[tokio::test]
async fn each_chat_has_a_session_of_its_own() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (alice, bob) = (scene.qq.user("ALICE0001"), scene.qq.user("BOB000001"));
    alice.says("a1");
    bob.says("b1");
    tokio::join!(alice.replies(1), bob.replies(1));
    alice.says("a2");
    assert_eq!(alice.replies(2).await[1].text(), "echo: a2");
    assert_eq!(bob.received().len(), 1);
    let user_of = |text: &str| {
        let requests = scene.agent.requests();
        let request = requests.iter().find(|request| request.text().ends_with(text)).unwrap();
        request.body["user"].clone()
    };
    assert_eq!(user_of("a1"), user_of("a2"));
    assert_ne!(user_of("a1"), user_of("b1"));
    scene.end(gateway).await;
}

#[tokio::test]
async fn without_markdown_the_answer_is_plain_text() {
    let scene = Scene::new().await;
    let config = scene.config().set(&["channels", "qqbot", "markdownSupport"], false);
    scene.home.configure(&config);
    let gateway = scene.start().await;
    scene.agent.next(Answer::text("just text"));
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.replies(1).await[0].item, SentItem::Text("just text".into()));
    scene.end(gateway).await;
}

#[tokio::test]
async fn the_user_sees_that_the_agent_works() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    alice.replies(1).await;
    assert!(!alice.typing().is_empty());
    scene.end(gateway).await;
}
