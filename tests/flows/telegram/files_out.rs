//! Pictures and files, from the agent.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::telegram::{Sent, SentItem};
use serde_json::json;

use super::scene::Scene;
use crate::pixel;

/// The agent answers with a file of the folder that the operator opened to it.
async fn agent_sends(name: &str, bytes: &[u8]) -> Vec<Sent> {
    let scene = Scene::new().await;
    let folder = scene.home.path("outbox");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
    scene.home.configure(&scene.config().set(&["mediaRoots"], json!([folder])));
    let gateway = scene.start().await;
    let file = folder.join(name);
    scene.agent.next(Answer::text(&format!("Here you are.\nMEDIA:{}\n", file.display())));
    let alice = scene.telegram.user("alice");
    alice.says("send it");
    let is_file = |sent: &Sent| matches!(sent.item, SentItem::Media { .. });
    alice.until_shown("a file", move |all| all.iter().any(is_file)).await;
    scene.end(gateway).await;
    alice.received()
}

#[tokio::test]
#[ignore = "the picture comes without the text before it; not looked into"]
async fn a_picture_comes_from_the_agent() {
    let sent = agent_sends("pixel.png", &pixel::png()).await;
    let text = sent.iter().any(|sent| sent.text() == "Here you are.");
    assert!(text, "{sent:?}");
    let picture = sent.iter().find_map(|sent| match &sent.item {
        SentItem::Media { kind: "photo", bytes, .. } => Some(bytes.clone()),
        _ => None,
    });
    assert_eq!(picture, Some(pixel::png()));
}

#[tokio::test]
async fn a_document_comes_from_the_agent() {
    let sent = agent_sends("report.pdf", b"%PDF-1.4 not really").await;
    let document = sent.iter().find_map(|sent| match &sent.item {
        SentItem::Media { kind: "document", bytes, name, .. } => {
            Some((bytes.clone(), name.clone()))
        }
        _ => None,
    });
    let (bytes, name) = document.unwrap();
    assert_eq!(bytes, b"%PDF-1.4 not really");
    assert!(name.is_some_and(|name| name.contains("report")));
}
