//! One chat's slow agent is no other chat's business.

use ocg_tests::agents::{Answer, Gate};

use super::scene::Scene;

#[tokio::test]
async fn other_chats_are_answered_while_one_waits() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    let held = gate.clone();
    scene.agent.answers(move |request| {
        let answer = Answer::text(&format!("echo: {}", request.text()));
        if request.text().contains("think") { answer.behind(&held) } else { answer }
    });
    let (alice, bob) = (scene.qq.user("ALICE0001"), scene.qq.user("BOB000001"));
    let group = scene.qq.group("GROUP0001");
    alice.says("think hard");
    scene.agent.until_asked(1).await;
    bob.says("quick");
    group.mentions("BOB000001", "quick");
    // The gate is shut until both have everything: alice cannot have delayed them.
    tokio::join!(bob.replies(1), group.replies(1));
    assert!(alice.received().is_empty());
    gate.open();
    assert_eq!(alice.reply(1).await, "echo: think hard");
    scene.end(gateway).await;
}
