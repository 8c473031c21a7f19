//! Formatting in the Telegram fake: what users see, and what cannot be parsed.

use serde_json::json;

use crate::telegram::Bot;

/// What a text looks like: the text, and each entity as `kind:covered:detail`.
async fn seen(mode: &str, text: &str) -> (String, Vec<String>) {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let body = json!({"chat_id": alice.id(), "text": text, "parse_mode": mode});
    let sent = bot.done("sendMessage", body).await;
    let text = sent["text"].as_str().unwrap().to_owned();
    let units: Vec<u16> = text.encode_utf16().collect();
    let entities = sent["entities"].as_array().unwrap().iter().map(|entity| {
        let number = |name: &str| entity[name].as_u64().unwrap() as usize;
        let from = number("offset");
        let covered = String::from_utf16_lossy(&units[from..from + number("length")]);
        let detail = entity["url"].as_str().or(entity["language"].as_str()).unwrap_or_default();
        format!("{}:{covered}:{detail}", entity["type"].as_str().unwrap())
    });
    (text, entities.collect())
}

/// Why a text cannot be parsed.
async fn unparsable(mode: &str, text: &str) -> String {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let body = json!({"chat_id": alice.id(), "text": text, "parse_mode": mode});
    let (status, why) = bot.refused("sendMessage", body).await;
    assert_eq!(status, 400);
    why.strip_prefix("Bad Request: can't parse entities: ").unwrap().to_owned()
}

#[tokio::test]
async fn html() {
    let (text, entities) = seen(
        "HTML",
        "👍 <b>bold <i>both</i></b> &lt;&#x1F600; &copy; <a href=\"https://x.org/?a=1&amp;b\">link</a>\n\
         <pre><code class=\"language-rust\">let x = 1 &lt; 2;</code></pre><code>c</code> \
         <tg-spoiler>s</tg-spoiler><blockquote expandable>q</blockquote><u></u>",
    )
    .await;
    assert_eq!(text, "👍 bold both <😀 &copy; link\nlet x = 1 < 2;c sq");
    assert_eq!(
        entities,
        [
            "bold:bold both:",
            "italic:both:",
            "text_link:link:https://x.org/?a=1&b",
            "pre:let x = 1 < 2;:rust",
            "code:c:",
            "spoiler:s:",
            "expandable_blockquote:q:",
        ]
    );
}

#[tokio::test]
async fn html_that_cannot_be_parsed() {
    for (text, why) in [
        ("<b>x", "Can't find end tag corresponding to start tag \"b\""),
        ("x<p>y</p>", "Unsupported start tag \"p\" at byte offset 1"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b>x<i>y</b></i>",
            "Unmatched end tag at byte offset 8, expected \"</i>\", found \"</b>\"",
        ),
        ("1 < 2", "Unsupported start tag \"\" at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href=\"x", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
    ] {
        // A tag's name ends at white space; what follows `1 <` has none.
        let text = if text == "1 < 2" { "1 < 2>" } else { text };
        assert_eq!(unparsable("HTML", text).await, why, "{text}");
    }
}

#[tokio::test]
async fn markdown_v2() {
    let (text, entities) = seen(
        "MarkdownV2",
        "*bold _both_* __u__ ~s~ ||h|| `a*b` [link](https://x.org) 1\\.5\n>quoted\n```rust\nfn()\n```",
    )
    .await;
    assert_eq!(text, "bold both u s h a*b link 1.5\nquoted\nfn()");
    assert_eq!(
        entities,
        [
            "bold:bold both:",
            "italic:both:",
            "underline:u:",
            "strikethrough:s:",
            "spoiler:h:",
            "code:a*b:",
            "text_link:link:https://x.org",
            "blockquote:quoted:",
            "pre:fn():rust",
        ]
    );
    assert_eq!(
        unparsable("MarkdownV2", "1.5").await,
        "Character '.' is reserved and must be escaped with the preceding '\\'"
    );
    assert_eq!(
        unparsable("MarkdownV2", "a *b").await,
        "Can't find end of Bold entity at byte offset 2"
    );
}

#[tokio::test]
async fn markdown_of_old() {
    let (text, entities) = seen("Markdown", "*b* _i_ `c` 2\\*3").await;
    assert_eq!(text, "b i c 2*3");
    assert_eq!(entities, ["bold:b:", "italic:i:", "code:c:"]);
    assert_eq!(
        unparsable("Markdown", "snake_case").await,
        "Can't find end of the entity starting at byte offset 5"
    );
}

#[tokio::test]
async fn limits_count_what_is_read() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let text = "<b>&lt;</b>".repeat(4096);
    let body = json!({"chat_id": alice.id(), "text": text, "parse_mode": "HTML"});
    bot.done("sendMessage", body).await;
    let text = format!("{text}.");
    let body = json!({"chat_id": alice.id(), "text": text, "parse_mode": "HTML"});
    assert_eq!(bot.refused("sendMessage", body).await.1, "Bad Request: message is too long");
}

#[tokio::test]
async fn rich_messages() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let blocks = json!([
        {"type": "paragraph", "text": ["a ", {"type": "bold", "text": "b"}]},
        {"type": "preformatted", "text": "code"},
    ]);
    let body = json!({"chat_id": alice.id(), "rich_message": {"blocks": blocks}});
    bot.done("sendRichMessage", body).await;
    assert_eq!(alice.texts(), ["a b\ncode"]);
    let body = json!({"chat_id": alice.id(), "rich_message": {"html": "x", "markdown": "x"}});
    assert_eq!(bot.refused("sendRichMessage", body).await.0, 400);
}
