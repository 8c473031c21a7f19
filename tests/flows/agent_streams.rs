//! Every way in which an agent may rightly put its answer on the wire.

use ocg_tests::agents::Answer;
use serde_json::json;

use crate::scene::Scene;

#[tokio::test]
async fn all_of_them_say_the_same() {
    const TEXT: &str = "Grüße 👋, 你好";
    let chunk =
        |text: &str| json!({"choices": [{"index": 0, "delta": {"content": text}}]}).to_string();
    let (first, second) = (chunk("Grüße 👋"), chunk(", 你好"));
    let pretty: Vec<String> = [&first, &second]
        .map(|chunk| {
            let value: serde_json::Value = serde_json::from_str(chunk).unwrap();
            format!("{value:#}").lines().map(|line| format!("data: {line}\n")).collect()
        })
        .to_vec();
    let answers = [
        ("every byte in a write of its own", Answer::text(TEXT).byte_by_byte()),
        (
            "CRLF",
            Answer::sse(format!("data: {first}\r\n\r\ndata: {second}\r\n\r\ndata: [DONE]\r\n\r\n")),
        ),
        (
            "no space after the colon",
            Answer::sse(format!("data:{first}\n\ndata:{second}\n\ndata:[DONE]\n\n")),
        ),
        (
            "comments and other fields",
            Answer::sse(format!(
                ": hello\n\nevent: message\nid: 1\nretry: 5\ndata: {first}\n\n: ping\n\ndata: {second}\n\ndata: [DONE]\n\n"
            )),
        ),
        (
            "data over several lines",
            Answer::sse(format!("{}\n{}\ndata: [DONE]\n\n", pretty[0], pretty[1])),
        ),
        ("an end without [DONE]", Answer::sse(format!("data: {first}\n\ndata: {second}\n\n"))),
        (
            "an end without a last empty line",
            Answer::sse(format!("data: {first}\n\ndata: {second}")),
        ),
        (
            "reasoning beside the answer",
            Answer::sse(format!(
                "data: {}\n\ndata: {first}\n\ndata: {second}\n\ndata: [DONE]\n\n",
                json!({"choices": [{"index": 0, "delta": {"reasoning_content": "hm"}}]})
            )),
        ),
        (
            "usage at the end",
            Answer::sse(format!(
                "data: {first}\n\ndata: {second}\n\ndata: {}\n\ndata: [DONE]\n\n",
                json!({"choices": [], "usage": {"total_tokens": 7}})
            )),
        ),
        ("one JSON object", Answer::completion(TEXT)),
        ("one JSON object of another make", Answer::json(&json!({"response": TEXT}))),
    ];

    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    for (n, (what, answer)) in answers.into_iter().enumerate() {
        scene.agent.next(answer);
        alice.says(what);
        let replies = alice.replies(n + 1).await;
        assert_eq!(replies[n].text(), TEXT, "{what}");
    }
    scene.end(gateway).await;
}
