//! A reply longer than the platform takes in one message, or than it takes as answers.

use std::time::Duration;

use ocg_tests::agents::Answer;
use ocg_tests::platforms::qq::{Qq, REPLIES_PER_MESSAGE, TEXT_LIMIT};

use super::scene::Scene;

/// What the plugin sends at most in one message, in bytes.
const PLUGIN_LIMIT: usize = 3600;

fn long_text() -> String {
    let paragraph = |n: usize| {
        let sentences: Vec<String> =
            (0..12).map(|s| format!("Sentence {n}-{s} tells 你好 👍🏽.")).collect();
        sentences.join(" ")
    };
    (0..40).map(paragraph).collect::<Vec<_>>().join("\n\n")
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[tokio::test]
async fn it_comes_in_several_messages_without_losing_a_word() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let text = long_text();
    assert!(text.encode_utf16().count() > 2 * TEXT_LIMIT);
    scene.agent.next(Answer::text(&text));
    let alice = scene.qq.user("ALICE0001");
    alice.says("tell me");
    alice.until_told("Sentence 39-11").await;
    scene.end(gateway).await;
    let received = alice.received();
    let parts: Vec<String> = received.iter().map(|sent| sent.text().to_owned()).collect();
    assert_eq!(words(&parts.join(" ")), words(&text));
    // As few as can be, and only those that the platform takes no more as answers by themselves.
    let sizes: Vec<usize> = parts.iter().map(String::len).collect();
    let pairs_fit = sizes.windows(2).any(|pair| pair[0] + pair[1] <= PLUGIN_LIMIT);
    assert!(!pairs_fit, "smaller than need be: {sizes:?}");
    let answers = received.iter().filter(|sent| sent.answers.is_some()).count();
    assert!(answers >= REPLIES_PER_MESSAGE - alice.typing().len());
}

#[tokio::test]
async fn what_the_platform_takes_in_no_way_is_told() {
    let scene = Scene::with(Qq::builder().messages_by_itself(0)).await;
    let gateway = scene.start().await;
    scene.agent.next(Answer::text(&long_text()));
    let alice = scene.qq.user("ALICE0001");
    alice.says("tell me");
    gateway.output().until("a part of the answer is lost").await;
    gateway.output().until("parts of the answer are lost").await;
    // The user is told as soon as the platform takes a message again, and the chat goes on.
    alice.says("again");
    alice.until_told("echo: again").await;
    alice.until_told("did not get through").await;
    scene.end(gateway).await;
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_a_message_of_its_own() {
    let scene = Scene::with(Qq::builder().reply_window(Duration::ZERO)).await;
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    assert_eq!(alice.received()[0].answers, None);
    scene.end(gateway).await;
}
