//! Pictures, files, voice, stickers and places, to the agent.

use super::scene::Scene;
use crate::pixel;

#[tokio::test]
async fn a_photo_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.sends_photo(&pixel::png(), "what is this?");
    alice.replies(1).await;
    let request = &scene.agent.requests()[0];
    assert_eq!(request.images(), [pixel::data_url()]);
    assert!(request.text().contains("what is this?"), "{}", request.text());
    scene.end(gateway).await;
}

#[tokio::test]
#[ignore = "only one of the pictures reaches the agent"]
async fn an_album_is_one_message() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.sends_album(&[&pixel::png(), &pixel::png()], "which one?");
    alice.replies(1).await;
    let requests = scene.agent.requests();
    assert_eq!(requests[0].images().len(), 2);
    assert!(requests[0].text().contains("which one?"), "{}", requests[0].text());
    scene.end(gateway).await;
    assert_eq!(scene.agent.requests().len(), 1);
}

#[tokio::test]
async fn a_document_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.sends_document("notes.txt", b"the meeting is at noon");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("the meeting is at noon"), "{asked}");
    assert!(asked.contains("notes"), "the name is missing: {asked}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_file_that_is_too_large_to_fetch_is_told_to_the_user() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.sends_large_document("film.mkv", 21 * 1024 * 1024);
    alice.replies(1).await;
    alice.says("then not");
    alice.until_told("then not").await;
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_voice_message_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.sends_voice(b"OggS\0\x02 not really");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("audio"), "{asked}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_sticker_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.sends_sticker(
        b"RIFF\x1a\0\0\0WEBPVP8L\x0e\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0",
    );
    alice.replies(1).await;
    assert_eq!(scene.agent.requests().len(), 1);
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_place_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.sends_location(59.3293, 18.0686);
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("59.329") && asked.contains("18.068"), "{asked}");
    scene.end(gateway).await;
}
