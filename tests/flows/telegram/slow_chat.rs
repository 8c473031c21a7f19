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
    let (alice, bob) = (scene.telegram.user("alice"), scene.telegram.user("bob"));
    let group = scene.telegram.group("friends");
    alice.says("think hard");
    scene.agent.until_asked(1).await;
    bob.says("quick");
    group.member("bob").mentions("quick");
    // The gate is shut until both have everything: alice cannot have delayed them.
    tokio::join!(bob.until_says("echo: quick"), group.until_told("quick"));
    assert!(!alice.texts().iter().any(|text| text.contains("echo")), "{:?}", alice.texts());
    gate.open();
    alice.until_says("echo: think hard").await;
    scene.end(gateway).await;
}
