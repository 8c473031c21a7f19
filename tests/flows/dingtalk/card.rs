//! Replies as AI cards.

use ocg_tests::agents::Answer;

use super::scene::Scene;

#[tokio::test]
async fn the_answer_fills_a_card() {
    let scene = Scene::new().await;
    scene.home.configure(&scene.config().set(&["channels", "dingtalk", "messageType"], "card"));
    let gateway = scene.start().await;
    scene.agent.next(Answer::tokens(["Once ", "upon ", "a time."]));
    let alice = scene.dingtalk.user("alice");
    alice.says("tell me");
    alice
        .until_card("with the whole answer", |card| {
            card.finished && card.variables.values().any(|text| text.contains("Once upon a time."))
        })
        .await;
    scene.end(gateway).await;
}
