//! Pictures, files and voice, to the agent.

use super::scene::Scene;
use crate::pixel;

#[tokio::test]
async fn a_picture_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.sends_image(&pixel::png());
    alice.replies(1).await;
    let request = &scene.agent.requests()[0];
    assert_eq!(request.images(), [pixel::data_url()]);
    scene.end(gateway).await;
}

#[tokio::test]
async fn a_file_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.sends_file("notes.txt", b"the meeting is at noon");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("the meeting is at noon"), "{asked}");
    assert!(asked.contains("notes"), "the name is missing: {asked}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn the_platform_s_transcript_of_a_voice_message_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.sends_voice(b"#!AMR\nnot really", "what time is it");
    alice.replies(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("what time is it"), "{asked}");
    scene.end(gateway).await;
}
