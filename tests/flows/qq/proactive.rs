//! `ocg send`: the bot speaks by itself.

use super::scene::Scene;

async fn sends(scene: &Scene, to: &str, text: &str) {
    let arguments = ["send", "--channel", "qqbot", "--to", to, "--text", text];
    scene.home.run(&arguments).await.exits(0);
}

#[tokio::test]
async fn to_a_user_and_to_a_group_through_the_running_gateway() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (alice, group) = (scene.qq.user("ALICE0001"), scene.qq.group("GROUP0001"));
    sends(&scene, "qqbot:c2c:ALICE0001", "good morning").await;
    sends(&scene, "qqbot:group:GROUP0001", "good evening").await;
    assert_eq!(alice.reply(1).await, "good morning");
    assert_eq!(group.reply(1).await, "good evening");
    assert_eq!(alice.received()[0].answers, None);
    scene.end(gateway).await;
}

#[tokio::test]
async fn without_a_running_gateway() {
    let scene = Scene::new().await;
    let alice = scene.qq.user("ALICE0001");
    sends(&scene, "qqbot:c2c:ALICE0001", "good morning").await;
    assert_eq!(alice.reply(1).await, "good morning");
    assert_eq!(scene.qq.connections().identified, 0, "sending needs no gateway connection");
    scene.qq.calls().assert_no_violations();
}
