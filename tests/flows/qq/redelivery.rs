//! The platform delivers a message twice.

use super::scene::Scene;

#[tokio::test]
async fn it_is_answered_once() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    let said = alice.says("only once");
    alice.replies(1).await;
    scene.qq.delivers_again(&said);
    alice.says("next");
    alice.until_told("next").await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|s| s.text().to_owned()).collect();
    assert_eq!(texts, ["echo: only once", "echo: next"]);
}
