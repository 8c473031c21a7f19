//! The platform delivers a message twice.

use crate::scene::Scene;

#[tokio::test]
async fn it_is_answered_once() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    let said = alice.says("only once");
    alice.replies(1).await;
    scene.wechat.delivers_again(said);
    alice.says("next");
    alice.replies(2).await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|sent| sent.text().to_owned()).collect();
    assert_eq!(texts, ["echo: only once", "echo: next"]);
}
