//! Someone writes, the agent answers.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::dingtalk::{SentItem, Way};

use super::scene::Scene;

#[tokio::test]
async fn a_direct_message_is_answered() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    let said = alice.says("Grüße 👋");
    let replies = alice.replies(1).await;
    assert_eq!(replies[0].text(), "echo: Grüße 👋");
    assert_eq!(replies[0].way, Way::Webhook);
    let request = &scene.agent.requests()[0];
    assert!(request.body["user"].as_str().unwrap().starts_with("dingtalk:"), "{}", request.body);
    assert_eq!(scene.dingtalk.acknowledged(&said).await.deliveries, 1);
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1, "answered once");
}

#[tokio::test]
async fn each_chat_has_a_session_of_its_own() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (alice, bob) = (scene.dingtalk.user("alice"), scene.dingtalk.user("bob"));
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
async fn markdown_stays_markdown() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.agent.next(Answer::text("# News\n\n- **one**\n- two"));
    let alice = scene.dingtalk.user("alice");
    alice.says("hi");
    let replies = alice.replies(1).await;
    let SentItem::Markdown { text, .. } = &replies[0].item else { panic!("{replies:?}") };
    assert_eq!(text, "# News\n\n- **one**\n- two");
    scene.end(gateway).await;
}
