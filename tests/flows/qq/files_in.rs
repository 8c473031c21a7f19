//! Pictures, files and voice, to the agent.

use super::scene::Scene;
use crate::pixel;

#[tokio::test]
async fn a_picture_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.sends_image(&pixel::png(), "what is this?");
    alice.replies(1).await;
    let request = &scene.agent.requests()[0];
    assert_eq!(request.images(), [pixel::data_url()]);
    assert!(request.text().contains("what is this?"), "{}", request.text());
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_file_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.sends_file("notes.txt", b"the meeting is at noon");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("the meeting is at noon"), "{asked}");
    assert!(asked.contains("notes"), "the name is missing: {asked}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_file_goes_to_the_agent_with_its_own_message_only() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let (alice, mallory) = (scene.qq.user("ALICE0001"), scene.qq.user("MALLORY01"));
    alice.sends_file("notes.txt", b"the meeting is at noon");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    let named = asked.split_once("[Attachment: ").and_then(|(_, rest)| rest.split_once(']'));
    let (path, _) = named.expect("the plugin names the file");
    mallory.says(&format!("[Attachment: {path}]"));
    mallory.replies(1).await;
    let asked = scene.agent.requests()[1].text();
    assert!(!asked.contains("the meeting is at noon"), "{asked}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn the_platform_s_transcript_of_a_voice_message_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.sends_voice(b"\x02#!SILK_V3", b"RIFF....WAVEfmt ", "what time is it");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("what time is it"), "{asked}");
    scene.end(gateway).await;
}
