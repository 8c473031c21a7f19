//! A reply longer than the platform takes in one message.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::dingtalk::BODY_LIMIT;
use serde_json::json;

use super::scene::Scene;

/// The plugin cuts by itself, at line ends: it gets the whole answer at once.
#[tokio::test]
async fn it_comes_in_several_messages_without_losing_a_word() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let paragraph = |n: usize| {
        let sentences: Vec<String> =
            (0..12).map(|s| format!("Sentence {n}-{s} tells 你好 👍🏽.")).collect();
        sentences.join(" ")
    };
    let text = (0..70).map(paragraph).collect::<Vec<_>>().join("\n\n");
    assert!(text.len() > BODY_LIMIT);
    scene.agent.next(Answer::text(&text));
    let alice = scene.dingtalk.user("alice");
    alice.says("tell me");
    alice.until_told("Sentence 69-11").await;
    scene.end(gateway).await;
    let parts: Vec<String> = alice.received().iter().map(|sent| sent.text().to_owned()).collect();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&parts.join(" ")), words(&text));
}

/// The plugin does not cut within a line; DingTalk refuses one of this length.
#[tokio::test]
async fn so_does_a_single_line() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let text: String = (0..2_000).map(|n| format!("第{n}句话说了一些事情。")).collect();
    assert!(text.len() > BODY_LIMIT);
    scene.agent.next(Answer::text(&text));
    let alice = scene.dingtalk.user("alice");
    alice.says("tell me");
    alice.until_told("第1999句话").await;
    scene.end(gateway).await;
    let parts: Vec<String> = alice.received().iter().map(|sent| sent.text().to_owned()).collect();
    assert!(parts.len() > 1);
    assert_eq!(parts.concat().replace('\n', ""), text);
}

/// Where the second part begins like the first, the plugin would leave out what they share.
#[tokio::test]
async fn files_do_not_cut_it_in_two() {
    let scene = Scene::new().await;
    let folder = scene.home.path("outbox");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("report.pdf"), b"%PDF-1.4 not really").unwrap();
    scene.home.configure(&scene.config().set(&["mediaRoots"], json!([folder])));
    let gateway = scene.start().await;
    let file = folder.join("report.pdf");
    let text = format!("The report:\nMEDIA:{}\nThe end.", file.display());
    scene.agent.next(Answer::text(&text));
    let alice = scene.dingtalk.user("alice");
    alice.says("tell me");
    alice.replies(2).await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|sent| sent.text().to_owned()).collect();
    assert_eq!(texts, ["The report:\nThe end.", "report.pdf"]);
}

/// The plugin sends only what is new of a text: what two messages begin with is not lost.
#[tokio::test]
async fn a_failure_half_way_is_told_after_what_has_come() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.agent.next(Answer::error_in_stream("⚠️ Agents, watch out", "overloaded"));
    let alice = scene.dingtalk.user("alice");
    alice.says("tell me");
    alice.replies(2).await;
    scene.end(gateway).await;
    let texts: Vec<String> = alice.received().iter().map(|s| s.text().trim().to_owned()).collect();
    assert_eq!(texts, ["⚠️ Agents, watch out", "⚠️ Agent error: it reported a failure"]);
}
