//! One chat's slow agent is no other chat's business.

use ocg_tests::agents::{Answer, Gate};

use crate::scene::Scene;

#[tokio::test]
async fn other_chats_are_answered_while_one_waits() {
    let scene = Scene::with_users(&["alice", "bob", "carol"]).await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    let held = gate.clone();
    scene.agent.answers(move |request| {
        let answer = Answer::text(&format!("echo: {}", request.text()));
        if request.text().contains("think") { answer.behind(&held) } else { answer }
    });
    let user = |name: &str| scene.wechat.user(name);
    let (alice, bob, carol) = (user("alice"), user("bob"), user("carol"));
    alice.says("think hard");
    scene.agent.until_asked(1).await;
    for n in 1..=3 {
        bob.says(&format!("quick {n}"));
        carol.says(&format!("quick {n}"));
    }
    // The gate is shut until both have everything: alice cannot have delayed them.
    tokio::join!(bob.replies(3), carol.replies(3));
    assert!(alice.received().is_empty());
    gate.open();
    assert_eq!(alice.reply(1).await, "echo: think hard");
    scene.end(gateway).await;
}

#[tokio::test]
async fn one_chat_is_answered_in_order_one_message_at_a_time() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    scene.agent.next(Answer::text("first").behind(&gate));
    scene.agent.next(Answer::text("second"));
    let alice = scene.wechat.user("alice");
    alice.says("1");
    scene.agent.until_asked(1).await;
    alice.says("2");
    // The bot has fetched the second message, too.
    scene.wechat.until_polled().await;
    assert_eq!(scene.agent.requests().len(), 1, "asked before the first was answered");
    gate.open();
    let replies = alice.replies(2).await;
    assert_eq!((replies[0].text(), replies[1].text()), ("first", "second"));
    assert_eq!(scene.agent.most_in_progress(), 1);
    scene.end(gateway).await;
}

#[tokio::test]
async fn many_chats_are_worked_on_at_once() {
    const CHATS: usize = 20;
    let names: Vec<String> = (0..CHATS).map(|n| format!("user{n}")).collect();
    let scene = Scene::with_users(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    let held = gate.clone();
    scene.agent.answers(move |request| Answer::text(&request.text()).behind(&held));
    for name in &names {
        scene.wechat.user(name).says(name);
    }
    // Only if all requests are in progress together do they arrive behind a shut gate.
    scene.agent.until_asked(CHATS).await;
    gate.open();
    for name in &names {
        assert_eq!(&scene.wechat.user(name).reply(1).await, name);
    }
    scene.end(gateway).await;
}
