//! A reply longer than Telegram takes in one message.

use ocg_tests::agents::Answer;

use super::scene::Scene;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[tokio::test]
async fn it_comes_in_several_messages_without_losing_a_word() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let paragraph = |n: usize| {
        let sentences: Vec<String> =
            (0..12).map(|s| format!("Sentence {n}-{s} tells 你好 👍🏽.")).collect();
        sentences.join(" ")
    };
    let text = (0..30).map(paragraph).collect::<Vec<_>>().join("\n\n");
    assert!(text.encode_utf16().count() > 2 * 4096);
    scene.agent.next(Answer::text(&text));
    let alice = scene.telegram.user("alice");
    alice.says("tell me");
    alice.until_told("Sentence 29-11").await;
    scene.end(gateway).await;
    let parts = alice.texts();
    assert_eq!(words(&parts.join(" ")), words(&text));
    for part in &parts {
        assert!(
            part.ends_with('.') || part.ends_with('\u{1f3fd}'),
            "cut inside a sentence: {part}"
        );
    }
}

/// Telegram counts UTF-16 units: each of these takes seven.
#[tokio::test]
async fn emoji_are_never_cut_apart() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let family = "👩‍👧‍👦";
    let text = format!("x{}", family.repeat(900));
    scene.agent.next(Answer::text(&format!("{text}\n\nthe end")));
    let alice = scene.telegram.user("alice");
    alice.says("families");
    alice.until_told("the end").await;
    scene.end(gateway).await;
    for part in alice.texts() {
        let emoji = part.trim_start_matches('x').trim_end_matches("the end").trim();
        assert!(emoji.replace(family, "").is_empty(), "cut apart: {}", emoji.len());
    }
}

/// Markup doubles the length of what is sent, not of what is read.
#[tokio::test]
#[ignore = "the plugin's cutting of so much markup takes more than the 5 s of CPU time that a plugin has"]
async fn much_markup_is_no_reason_to_refuse() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let text = (0..400).map(|n| format!("- **bold {n}** and `code <{n}>`")).collect::<Vec<_>>();
    scene.agent.next(Answer::text(&text.join("\n")));
    let alice = scene.telegram.user("alice");
    alice.says("a list");
    alice.until_told("code <399>").await;
    scene.end(gateway).await;
    let bold: usize = alice.received().iter().map(|sent| sent.spans("bold").len()).sum();
    assert_eq!(bold, 400);
}
