//! A reply longer than the platform takes in one message.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::qq::TEXT_LIMIT;

use super::scene::Scene;

#[tokio::test]
#[ignore = "the plugin cuts smaller than it need, and QQ takes five answers to a message"]
async fn it_comes_in_several_messages_without_losing_a_word() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let paragraph = |n: usize| {
        let sentences: Vec<String> =
            (0..12).map(|s| format!("Sentence {n}-{s} tells 你好 👍🏽.")).collect();
        sentences.join(" ")
    };
    let text = (0..40).map(paragraph).collect::<Vec<_>>().join("\n\n");
    assert!(text.encode_utf16().count() > 2 * TEXT_LIMIT);
    scene.agent.next(Answer::text(&text));
    let alice = scene.qq.user("ALICE0001");
    alice.says("tell me");
    alice.until_told("Sentence 39-11").await;
    scene.end(gateway).await;
    let parts: Vec<String> = alice.received().iter().map(|sent| sent.text().to_owned()).collect();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&parts.join(" ")), words(&text));
}
