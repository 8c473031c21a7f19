//! Pictures, files and voice, to the agent and from it.

use std::path::Path;

use ocg_tests::agents::Answer;
use ocg_tests::platforms::wechat::SentItem;
use serde_json::json;

use crate::pixel;
use crate::scene::Scene;

#[tokio::test]
async fn a_picture_reaches_the_agent() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.sends_image(&pixel::png());
    alice.replies(1).await;
    let images = scene.agent.requests()[0].images();
    assert_eq!(images, [pixel::data_url()]);
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_file_reaches_the_agent() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.sends_file("notes.txt", b"the meeting is at noon");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("the meeting is at noon"), "{asked}");
    assert!(asked.contains("notes"), "the name is missing: {asked}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_transcribed_voice_message_is_text_to_the_agent() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.sends_voice(b"\x02#!SILK_V3", Some("what time is it"));
    assert_eq!(alice.reply(1).await, "echo: what time is it");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_voice_message_without_transcript_is_answered_too() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.sends_voice(b"\x02#!SILK_V3 not really", None);
    alice.replies(1).await;
    assert!(!scene.agent.requests()[0].text().is_empty());
    scene.end(gateway).await;
}

/// The agent answers with a file of the folder that the operator opened to it.
async fn agent_sends(name: &str, bytes: &[u8]) -> Vec<SentItem> {
    let scene = Scene::with_users(&["alice"]).await;
    let folder = scene.home.path("outbox");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
    scene.home.configure(&scene.config().set(&["mediaRoots"], json!([folder])));
    let gateway = scene.start().await;
    scene.agent.next(Answer::text(&format!("Here you are.\n{}\n", media_line(&folder.join(name)))));
    let alice = scene.wechat.user("alice");
    alice.says("send it");
    alice.replies(2).await;
    scene.end(gateway).await;
    alice.received().into_iter().map(|sent| sent.item).collect()
}

fn media_line(path: &Path) -> String {
    format!("MEDIA:{}", path.display())
}

#[tokio::test]
async fn a_picture_comes_from_the_agent() {
    let sent = agent_sends("pixel.png", &pixel::png()).await;
    assert_eq!(sent, [SentItem::Text("Here you are.".into()), SentItem::Image(pixel::png())]);
}

#[tokio::test]
async fn a_file_comes_from_the_agent() {
    let sent = agent_sends("report.pdf", b"%PDF-1.4 not really").await;
    let file = SentItem::File { name: "report.pdf".into(), bytes: b"%PDF-1.4 not really".into() };
    assert_eq!(sent, [SentItem::Text("Here you are.".into()), file]);
}

#[tokio::test]
async fn a_file_outside_the_opened_folders_stays_where_it_is() {
    let scene = Scene::with_users(&["alice"]).await;
    let secret = scene.home.path("secret.png");
    std::fs::write(&secret, pixel::png()).unwrap();
    let gateway = scene.start().await;
    scene.agent.next(Answer::text(&format!("Look:\n{}\n", media_line(&secret))));
    let alice = scene.wechat.user("alice");
    alice.says("send it");
    alice.replies(1).await;
    scene.end(gateway).await;
    let images =
        alice.received().iter().filter(|sent| matches!(sent.item, SentItem::Image(_))).count();
    assert_eq!(images, 0);
}
