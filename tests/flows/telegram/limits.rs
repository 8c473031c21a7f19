//! The limits that Telegram publishes, kept.

use std::time::Duration;

use ocg_tests::agents::Answer;
use ocg_tests::platforms::telegram::TrafficKind;

use super::scene::Scene;

#[tokio::test]
#[ignore = "a second message is sent to the chat during retry_after"]
async fn a_429_stops_that_chat_and_no_other() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (alice, bob) = (scene.telegram.user("alice"), scene.telegram.user("bob"));
    scene.telegram.floods(&alice, Duration::from_secs(3));
    alice.says("to the flooded");
    bob.says("to the other");
    bob.until_says("echo: to the other").await;
    assert!(alice.received().is_empty());
    alice.until_says("echo: to the flooded").await;
    // Neither typing nor edits reached the chat while it had to be left alone.
    scene.end(gateway).await;
    assert_eq!(alice.texts(), ["echo: to the flooded"], "sent once");
}

/// Drafts, typing and messages of several chats would be too much together.
#[tokio::test]
async fn a_busy_bot_stays_within_the_limits() {
    let scene = Scene::with_setting(&["streaming", "mode"], "partial").await;
    let gateway = scene.start().await;
    let tokens: Vec<String> = (0..400).map(|n| format!("word{n} ")).collect();
    scene.agent.answers(move |_| {
        // Four seconds of speech, in pieces that would each be an edit.
        let mut answer = Answer::sse("");
        for piece in Answer::tokens(&tokens).bytes().chunks(2000) {
            answer = answer
                .then(ocg_tests::agents::Step::Pause(Duration::from_millis(100)))
                .then(ocg_tests::agents::Step::Send(piece.to_vec().into()));
        }
        answer
    });
    let users: Vec<_> = (0..10).map(|n| scene.telegram.user(&format!("user{n}"))).collect();
    let group = scene.telegram.group("friends");
    for user in &users {
        user.says("speak");
    }
    group.member("alice").mentions("speak");
    for user in &users {
        user.until_told("word399").await;
    }
    group.until_told("word399").await;
    let traffic = scene.telegram.traffic();
    let count = |kind| traffic.iter().filter(|call| call.kind == kind).count();
    assert!(count(TrafficKind::Edit) > 0 && count(TrafficKind::Typing) > 0, "nothing was risked");
    scene.end(gateway).await;
}
