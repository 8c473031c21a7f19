//! Groups. DingTalk tells a bot only of what is said to it.

use super::scene::Scene;

#[tokio::test]
async fn a_mention_is_answered_in_the_group() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (group, alice) = (scene.dingtalk.group("friends"), scene.dingtalk.user("alice"));
    group.mentions("alice", "who won?");
    let reply = group.reply(1).await;
    assert!(reply.contains("who won?"), "{reply}");
    scene.end(gateway).await;
    assert!(alice.received().is_empty(), "answered in private");
}

#[tokio::test]
async fn members_of_a_group_share_its_session() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (group, other) = (scene.dingtalk.group("friends"), scene.dingtalk.group("work"));
    group.mentions("alice", "one");
    group.replies(1).await;
    group.mentions("bob", "two");
    other.mentions("alice", "three");
    tokio::join!(group.replies(2), other.replies(1));
    let user_of = |text: &str| {
        let requests = scene.agent.requests();
        let request = requests.iter().find(|request| request.text().ends_with(text)).unwrap();
        request.body["user"].clone()
    };
    assert_eq!(user_of("one"), user_of("two"));
    assert_ne!(user_of("one"), user_of("three"));
    scene.end(gateway).await;
}
