//! The gateway is told to stop.

use std::time::Duration;

use ocg_tests::agents::{Answer, Gate};
use ocg_tests::platforms::wechat::Endpoint;

use crate::callbacks::{accepting, call_back, callback_url};
use crate::scene::Scene;

#[tokio::test]
async fn an_idle_gateway_says_goodbye_to_the_platform() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    assert_eq!(scene.wechat.requests_to(Endpoint::NotifyStart).len(), 1);
    scene.end(gateway).await;
    assert_eq!(scene.wechat.requests_to(Endpoint::NotifyStop).len(), 1);
}

#[tokio::test]
async fn a_turn_in_progress_is_finished_first() {
    let scene = Scene::with_users(&["alice"]).await;
    let mut gateway = scene.start().await;
    let gate = Gate::closed();
    scene.agent.next(Answer::text("just in time").behind(&gate));
    let alice = scene.wechat.user("alice");
    alice.says("hurry");
    scene.agent.until_asked(1).await;
    gateway.ask_to_stop();
    gateway.output().until("stopping").await;
    assert!(alice.received().is_empty());
    gate.open();
    assert_eq!(alice.reply(1).await, "just in time");
    assert_eq!(gateway.ended().await, Some(0));
    assert_eq!(alice.received().len(), 1);
    scene.wechat.assert_no_violations();
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let scene = Scene::with_users(&["alice"]).await;
    let mut gateway = scene.start().await;
    scene.agent.next(Answer::text("never").behind(&Gate::closed()));
    let alice = scene.wechat.user("alice");
    alice.says("hurry");
    scene.agent.until_asked(1).await;
    gateway.ask_to_stop();
    gateway.output().until("stopping").await;
    gateway.ask_to_stop();
    assert_eq!(gateway.ended().await, Some(1));
}

/// Turns have 30 seconds to end; then users are told and plugins close what they hold.
const BOUND: Duration = Duration::from_secs(75);

#[tokio::test]
async fn fifty_turns_in_progress_are_all_answered() {
    let names: Vec<String> = (0..50).map(|number| format!("user{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = Scene::with_users(&names).await;
    let mut gateway = scene.start().await;
    let gate = Gate::closed();
    for _ in &names {
        scene.agent.next(Answer::text("just in time").behind(&gate));
    }
    let users: Vec<_> = names.iter().map(|name| scene.wechat.user(name)).collect();
    for user in &users {
        user.says("hurry");
    }
    scene.agent.until_asked(users.len()).await;
    gateway.ask_to_stop();
    gateway.output().until("stopping").await;
    gate.open();
    let ended = tokio::time::timeout(BOUND, gateway.ended()).await;
    assert_eq!(ended.expect("it ends within the stated bound"), Some(0));
    for user in &users {
        let replies = user.received();
        assert_eq!(replies.len(), 1);
        assert_eq!(replies[0].text(), "just in time");
    }
    scene.wechat.assert_no_violations();
}

/// Agents call back while the last turns are finished; what waits for its callback is taken up by
/// the next start.
#[tokio::test]
async fn callbacks_are_taken_while_turns_finish() {
    let scene = Scene::with_users(&["alice", "bob"]).await;
    scene.home.configure(&accepting(&scene));
    let mut gateway = scene.start().await;
    let (alice, bob) = (scene.wechat.user("alice"), scene.wechat.user("bob"));
    alice.says("hello");
    let alices = callback_url(&scene, 1).await;
    gateway.output().until("will call back").await;
    // The agent does not accept this one before it is let go.
    let gate = Gate::closed();
    scene.agent.next(Answer::error(202, "accepted").behind(&gate));
    bob.says("hello");
    let bobs = callback_url(&scene, 2).await;
    gateway.ask_to_stop();
    gateway.output().until("stopping").await;
    assert_eq!(call_back(&alices, "in time").await, 200);
    assert_eq!(alice.reply(1).await, "in time");
    gate.open();
    assert_eq!(gateway.ended().await, Some(0));
    assert!(bob.received().is_empty());

    let gateway = scene.start().await;
    assert_eq!(call_back(&alices, "again").await, 409);
    assert_eq!(call_back(&bobs, "after the restart").await, 200);
    assert_eq!(bob.reply(1).await, "after the restart");
    scene.end(gateway).await;
    assert_eq!((alice.received().len(), bob.received().len()), (1, 1));
    assert_eq!(scene.agent.requests().len(), 2, "nobody was asked twice");
}

/// Half of the turns end within the grace, the others are answered by the next start.
#[tokio::test]
async fn turns_that_do_not_finish_are_answered_after_the_next_start() {
    let names: Vec<String> = (0..50).map(|number| format!("user{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = Scene::with_users(&names).await;
    let mut gateway = scene.start().await;
    let (soon, never) = (Gate::closed(), Gate::closed());
    for number in 0..names.len() {
        let gate = if number % 2 == 0 { &soon } else { &never };
        scene.agent.next(Answer::text("an answer").behind(gate));
    }
    let users: Vec<_> = names.iter().map(|name| scene.wechat.user(name)).collect();
    for user in &users {
        user.says("hurry");
    }
    scene.agent.until_asked(users.len()).await;
    gateway.ask_to_stop();
    gateway.output().until("stopping").await;
    soon.open();
    let ended = tokio::time::timeout(BOUND, gateway.ended()).await;
    assert_eq!(ended.expect("it ends within the stated bound"), Some(0));
    gateway.output().until("25 messages are not answered yet: the next start does it").await;
    let answered = || users.iter().filter(|user| !user.received().is_empty()).count();
    assert_eq!(answered(), 25);

    scene.agent.answers(|_| Answer::text("an answer"));
    let gateway = scene.start().await;
    for user in &users {
        assert_eq!(user.reply(1).await, "an answer");
    }
    scene.end(gateway).await;
    for user in &users {
        assert_eq!(user.received().len(), 1, "each answered once");
    }
}
