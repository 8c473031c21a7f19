//! A reply longer than the platform takes in one message.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::wechat::TEXT_LIMIT;

use crate::scene::Scene;

#[tokio::test]
async fn it_comes_in_several_messages_without_losing_a_word() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let paragraph = |n: usize| {
        let sentences: Vec<String> =
            (0..12).map(|s| format!("Sentence {n}-{s} tells 你好 👍🏽.")).collect();
        sentences.join(" ")
    };
    let text = (0..30).map(paragraph).collect::<Vec<_>>().join("\n\n");
    assert!(text.encode_utf16().count() > 2 * TEXT_LIMIT);
    scene.agent.next(Answer::text(&text));
    let alice = scene.wechat.user("alice");
    alice.says("tell me");
    alice.replies(2).await;
    gateway.output().until("[OUT]").await;
    scene.end(gateway).await;

    let parts = alice.received();
    let together: Vec<String> = parts.iter().map(|part| part.text().to_owned()).collect();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&together.join(" ")), words(&text));
    for part in &together {
        assert!(
            part.trim_end().ends_with('.'),
            "cut within a sentence: …{:?}",
            &part[part.len() - 20..]
        );
    }
}

#[tokio::test]
async fn a_code_block_is_closed_and_opened_again() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let lines: Vec<String> = (0..400).map(|n| format!("let value_{n} = {n};")).collect();
    scene
        .agent
        .next(Answer::text(&format!("Here:\n\n```rust\n{}\n```\n\nDone.", lines.join("\n"))));
    let alice = scene.wechat.user("alice");
    alice.says("code please");
    alice.replies(2).await;
    gateway.output().until("[OUT]").await;
    scene.end(gateway).await;
    for part in alice.received() {
        assert_eq!(part.text().matches("```").count() % 2, 0, "an open fence: {}", part.text());
    }
}
