//! Topics of forums, and of private chats.

use ocg_tests::platforms::telegram::Telegram;

use super::scene::Scene;

#[tokio::test]
async fn a_topic_is_answered_in_the_topic_and_has_a_session_of_its_own() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let forum = scene.telegram.forum("board");
    let (ideas, other) = (forum.topic("ideas"), forum.topic("other"));
    ideas.member("alice").mentions("one");
    other.member("alice").mentions("two");
    tokio::join!(ideas.until_told("one"), other.until_told("two"));
    assert_ne!(scene.session_of("one"), scene.session_of("two"));
    assert!(!ideas.typing().is_empty(), "typing is shown in the topic");
    scene.end(gateway).await;
    assert_eq!((ideas.received().len(), other.received().len()), (1, 1));
}

/// Telegram refuses the general topic's number in messages, and wants it for typing.
#[tokio::test]
async fn the_general_topic_is_answered() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let forum = scene.telegram.forum("board");
    forum.member("alice").mentions("hello");
    forum.until_told("hello").await;
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_topic_of_a_private_chat_is_answered_in_the_topic() {
    let scene = Scene::with(Telegram::builder().with_private_topics()).await;
    let gateway = scene.start().await;
    let trip = scene.telegram.user("alice").topic("trip");
    trip.says("where to?");
    trip.until_told("where to?").await;
    scene.end(gateway).await;
    assert_eq!(trip.received().len(), 1);
}
