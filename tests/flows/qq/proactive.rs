//! `ocg send`: the bot speaks by itself.

use ocg_tests::platforms::qq::{Chat, Qq, SentItem};

use super::scene::Scene;
use crate::pixel;

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

async fn sends_file(scene: &Scene, named: &str) {
    let to = "qqbot:c2c:ALICE0001";
    let arguments = ["send", "--channel", "qqbot", "--to", to, "--media-url", named];
    scene.home.run(&arguments).await.exits(0);
}

fn picture(bytes: &[u8]) -> SentItem {
    SentItem::Media { file_type: 1, bytes: bytes.to_vec(), name: None }
}

fn items(chat: &Chat) -> Vec<SentItem> {
    chat.received().into_iter().map(|sent| sent.item).collect()
}

#[tokio::test]
async fn a_file_of_this_machine() {
    let scene = Scene::new().await;
    let file = scene.home.path("pixel.png");
    std::fs::write(&file, pixel::png()).unwrap();
    let alice = scene.qq.user("ALICE0001");
    let gateway = scene.start().await;
    sends_file(&scene, file.to_str().unwrap()).await;
    scene.end(gateway).await;
    // And without a running gateway.
    sends_file(&scene, file.to_str().unwrap()).await;
    assert_eq!(items(&alice), [picture(&pixel::png()), picture(&pixel::png())]);
    assert!(file.exists(), "the operator's file is gone");
}

#[tokio::test]
async fn a_file_of_the_web() {
    let scene = Scene::new().await;
    let alice = scene.qq.user("ALICE0001");
    let gateway = scene.start().await;
    sends_file(&scene, &scene.qq.hosts("image/png", &pixel::png())).await;
    scene.end(gateway).await;
    // The plugin goes by the address's ending, which this one has not: a file, not a picture.
    let items = items(&alice);
    let [SentItem::Media { file_type: 4, bytes, .. }] = items.as_slice() else {
        panic!("{items:?}")
    };
    assert_eq!(*bytes, pixel::png());
}

#[tokio::test]
async fn a_long_text_comes_in_pieces() {
    let scene = Scene::new().await;
    let alice = scene.qq.user("ALICE0001");
    let gateway = scene.start().await;
    let text = "All work and no play. ".repeat(400);
    sends(&scene, "qqbot:c2c:ALICE0001", &text).await;
    scene.end(gateway).await;
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let received = alice.received();
    assert!(received.len() > 1);
    let parts: Vec<&str> = received.iter().map(|sent| sent.text()).collect();
    assert_eq!(words(&parts.join(" ")), words(&text));
}

#[tokio::test]
async fn what_the_platform_refuses_is_told() {
    let scene = Scene::with(Qq::builder().messages_by_itself(0)).await;
    scene.qq.user("ALICE0001");
    let gateway = scene.start().await;
    let to = "qqbot:c2c:ALICE0001";
    let arguments = ["send", "--channel", "qqbot", "--to", to, "--text", "hi"];
    let finished = scene.home.run(&arguments).await.exits(1);
    assert!(finished.stderr.contains("no right to send messages by itself"), "{finished}");
    scene.end(gateway).await;
}
