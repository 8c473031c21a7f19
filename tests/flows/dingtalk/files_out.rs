//! Pictures and files, from the agent.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::dingtalk::SentItem;
use serde_json::json;

use super::scene::Scene;
use crate::pixel;

/// The agent answers with a file of the folder that the operator opened to it.
async fn agent_sends(name: &str, bytes: &[u8]) -> Vec<SentItem> {
    let scene = Scene::new().await;
    let folder = scene.home.path("outbox");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
    scene.home.configure(&scene.config().set(&["mediaRoots"], json!([folder])));
    let gateway = scene.start().await;
    let file = folder.join(name);
    scene.agent.next(Answer::text(&format!("Here you are.\nMEDIA:{}\n", file.display())));
    let alice = scene.dingtalk.user("alice");
    alice.says("send it");
    alice.replies(2).await;
    scene.end(gateway).await;
    alice.received().into_iter().map(|sent| sent.item).collect()
}

#[tokio::test]
async fn a_picture_comes_from_the_agent() {
    let sent = agent_sends("pixel.png", &pixel::png()).await;
    let shown = sent.iter().filter_map(|item| match item {
        SentItem::Markdown { pictures, .. } => Some(pictures.concat()),
        _ => None,
    });
    assert_eq!(shown.collect::<Vec<_>>().concat(), pixel::png(), "{sent:?}");
}

#[tokio::test]
async fn a_file_comes_from_the_agent() {
    let sent = agent_sends("report.pdf", b"%PDF-1.4 not really").await;
    let file = SentItem::File { name: "report.pdf".into(), bytes: b"%PDF-1.4 not really".into() };
    assert!(sent.contains(&file), "{sent:?}");
}
