//! Markdown of the agent's, as users see it.

use ocg_tests::agents::Answer;
use ocg_tests::platforms::telegram::Sent;

use super::scene::Scene;

/// What a user sees of an answer, once `last` is shown.
async fn shown(text: &str, last: &str) -> Vec<Sent> {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.agent.next(Answer::text(text));
    let alice = scene.telegram.user("alice");
    alice.says("format it");
    alice.until_told(last).await;
    scene.end(gateway).await;
    alice.received()
}

#[tokio::test]
async fn words_and_links_look_as_they_should() {
    let text =
        "**bold** and *italic*, `code`, ~~gone~~, [docs](https://example.org/a?b=1&c=2) & 1 < 2";
    let sent = &shown(text, "1 < 2").await[0];
    assert_eq!(sent.text(), "bold and italic, code, gone, docs & 1 < 2");
    assert_eq!(sent.spans("bold"), ["bold"]);
    assert_eq!(sent.spans("italic"), ["italic"]);
    assert_eq!(sent.spans("code"), ["code"]);
    assert_eq!(sent.spans("strikethrough"), ["gone"]);
    assert_eq!(sent.spans("text_link"), ["docs"]);
}

#[tokio::test]
async fn a_block_of_code_keeps_its_language_and_its_lines() {
    let code = "fn main() {\n    if 1 < 2 && true { println!(\"<b>&amp;</b>\"); }\n}";
    let sent = &shown(&format!("Look:\n\n```rust\n{code}\n```\n\nDone."), "Done.").await[0];
    let blocks: Vec<String> = sent.spans("pre").iter().map(|b| b.trim_end().to_owned()).collect();
    assert_eq!(blocks, [code]);
}

#[tokio::test]
#[ignore = "the plugin's cutting of so much markup takes more than the 5 s of CPU time that a plugin has"]
async fn a_long_block_of_code_is_code_in_every_message() {
    let lines: Vec<String> = (0..300).map(|n| format!("let x{n} = \"<&>{n}\";")).collect();
    let text = format!("Look:\n\n```js\n{}\n```\n\nThe end.", lines.join("\n"));
    let all = shown(&text, "The end.").await;
    assert!(all.len() > 1);
    let code: Vec<String> = all.iter().flat_map(|sent| sent.spans("pre")).collect();
    let seen: Vec<&str> = code.iter().flat_map(|block| block.trim_end().lines()).collect();
    assert_eq!(seen, lines);
}

#[tokio::test]
async fn a_table_can_be_read() {
    let text = "| Name | Size |\n|---|---:|\n| alpha | 1 |\n| **beta** | 22 |\n\nThat is all.";
    let all = shown(text, "That is all.").await;
    let read = all.iter().map(Sent::text).collect::<Vec<_>>().join("\n");
    for cell in ["Name", "Size", "alpha", "beta", "22"] {
        assert!(read.contains(cell), "{cell} is missing: {read}");
    }
    assert!(!read.contains("|---"), "not rendered: {read}");
}

#[tokio::test]
async fn markup_that_is_not_closed_is_shown_as_it_is() {
    let text = "2 * 3 * 4, snake_case_name, <tag>, **open, `tick, ```\nfence";
    let sent = &shown(text, "fence").await[0];
    for words in ["2 * 3 * 4", "snake_case_name", "<tag>", "open", "tick"] {
        assert!(sent.text().contains(words), "{words}: {}", sent.text());
    }
}
