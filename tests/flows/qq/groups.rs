//! Groups and channels: the bot answers who speaks to it.

use serde_json::json;

use super::scene::Scene;

#[tokio::test]
async fn a_mention_is_answered_and_chatter_is_not() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let group = scene.qq.group("GROUP0001");
    group.overhears("BOB000001", "did you see the match?");
    let said = group.mentions("ALICE0001", "who won?");
    let replies = group.replies(1).await;
    assert!(replies[0].text().contains("who won?"), "{replies:?}");
    assert_eq!(replies[0].answers, Some(said.message_id));
    assert_eq!(scene.agent.requests().len(), 1, "chatter reached the agent");
    scene.end(gateway).await;
    assert_eq!(group.received().len(), 1);
}

#[tokio::test]
async fn a_group_may_be_answered_without_a_mention() {
    let scene = Scene::new().await;
    let groups = json!({"GROUP0001": {"requireMention": false}});
    scene.home.configure(&scene.config().set(&["channels", "qqbot", "groups"], groups));
    let gateway = scene.start().await;
    let group = scene.qq.group("GROUP0001");
    group.overhears("BOB000001", "anybody here?");
    assert!(group.reply(1).await.ends_with("anybody here?"));
    scene.end(gateway).await;
}

#[tokio::test]
async fn members_of_a_group_share_its_session() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (group, other) = (scene.qq.group("GROUP0001"), scene.qq.group("GROUP0002"));
    group.mentions("ALICE0001", "one");
    group.replies(1).await;
    group.mentions("BOB000001", "two");
    other.mentions("ALICE0001", "three");
    tokio::join!(group.replies(2), other.replies(1));
    let user_of = |text: &str| {
        let requests = scene.agent.requests();
        let request = requests.iter().find(|request| request.text().contains(text)).unwrap();
        request.body["user"].clone()
    };
    assert_eq!(user_of("one"), user_of("two"));
    assert_ne!(user_of("one"), user_of("three"));
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_mention_in_a_channel_is_answered() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let channel = scene.qq.channel("700001");
    channel.mentions("600001", "hello");
    assert!(channel.reply(1).await.ends_with("hello"));
    scene.end(gateway).await;
}
