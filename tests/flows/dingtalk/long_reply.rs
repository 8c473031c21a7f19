//! A reply longer than the platform takes in one message.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::dingtalk::BODY_LIMIT;

use super::scene::Scene;

#[tokio::test]
#[ignore = "the plugin's own cutting changes words at the seams"]
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
