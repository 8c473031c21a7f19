//! `ocg send`: the bot speaks by itself.

use ocg_tests::platforms::dingtalk::Way;

use super::scene::Scene;

async fn sends(scene: &Scene, to: &str, text: &str) {
    let arguments = ["send", "--channel", "dingtalk", "--to", to, "--text", text];
    scene.home.run(&arguments).await.exits(0);
}

#[tokio::test]
async fn to_a_user_and_to_a_group_through_the_running_gateway() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (alice, group) = (scene.dingtalk.user("alice"), scene.dingtalk.group("friends"));
    sends(&scene, "alice", "good morning").await;
    sends(&scene, group.id(), "good evening").await;
    assert_eq!(alice.reply(1).await, "good morning");
    assert_eq!(group.reply(1).await, "good evening");
    assert_eq!(alice.received()[0].way, Way::Robot);
    scene.end(gateway).await;
}

#[tokio::test]
async fn without_a_running_gateway() {
    let scene = Scene::new().await;
    let alice = scene.dingtalk.user("alice");
    sends(&scene, "alice", "good morning").await;
    assert_eq!(alice.reply(1).await, "good morning");
    assert_eq!(scene.dingtalk.connections(), 0, "sending needs no stream");
    scene.dingtalk.calls().assert_no_violations();
}
