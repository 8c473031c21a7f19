//! Users change what they said.

use super::scene::Scene;

#[tokio::test]
async fn an_edit_is_not_answered_a_second_time() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    let said = alice.says("one");
    alice.until_says("echo: one").await;
    alice.edits(&said, "one, corrected");
    alice.says("two");
    alice.until_says("echo: two").await;
    scene.end(gateway).await;
    assert_eq!(alice.texts(), ["echo: one", "echo: two"]);
}
