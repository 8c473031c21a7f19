//! `POST /ocg/send`: every answer it gives.

use serde_json::{Value, json};

use crate::kit::{Running, settings, start};

async fn send(running: &Running, body: Value) -> (u16, Value) {
    running.signed(&running.url("/ocg/send"), &body.to_string()).await
}

/// Status and code of an answer.
fn code((status, body): (u16, Value)) -> (u16, String) {
    (status, body["code"].as_str().unwrap_or("ok").to_owned())
}

#[tokio::test]
async fn a_message_is_sent_in_parts_with_its_file() {
    let running = start(settings()).await;
    let body = json!({
        "channel": "test", "to": "ann", "text": "word ".repeat(30), "clientRef": "r",
        "mediaUrl": "https://a.example/x.png", "threadId": "t", "replyToId": "7",
    });
    let (status, body) = send(&running, body).await;
    assert_eq!(status, 200);
    let expected =
        json!({"ok": true, "messageId": "m3", "chunksSent": 3, "chunksTotal": 3, "clientRef": "r"});
    assert_eq!(body, expected);
    let sent = running.sent.lock().unwrap().clone();
    assert_eq!(sent[2].payload.media, ["https://a.example/x.png"]);
    assert_eq!((sent[0].thread.as_deref(), sent[0].reply_to.as_deref()), (Some("t"), Some("7")));
    running.end().await;
}

#[tokio::test]
async fn what_cannot_be_sent_says_why() {
    let mut rules = settings();
    rules.send.max_text = Some(500);
    let running = start(rules).await;
    let to = |to: &str| json!({"channel": "test", "to": to, "text": "hi"});
    let cases = [
        (json!({}), (400, "BAD_REQUEST")),
        (json!({"channel": "test", "to": "ann"}), (400, "BAD_REQUEST")),
        (to(" "), (400, "BAD_REQUEST")),
        (json!({"channel": "test", "to": "a", "mediaUrl": "/etc/passwd"}), (400, "BAD_REQUEST")),
        (json!({"channel": "test", "to": "a", "text": "x".repeat(501)}), (413, "TEXT_TOO_LONG")),
        (json!({"channel": "pigeon", "to": "a", "text": "x"}), (404, "UNKNOWN_CHANNEL")),
        (
            json!({"channel": "test", "accountId": "x", "to": "a", "text": "x"}),
            (404, "UNKNOWN_ACCOUNT"),
        ),
        (to("unsupported"), (501, "CANNOT_SEND")),
        (to("refused"), (502, "PLATFORM_REFUSED")),
        (to("silent"), (504, "TIMEOUT")),
    ];
    for (body, (status, expected)) in cases {
        assert_eq!(code(send(&running, body.clone()).await), (status, expected.into()), "{body}");
    }
    let url = running.url("/ocg/send");
    let body = to("ann").to_string();
    assert_eq!(running.post(&url, None, body.clone()).await.status(), 401);
    assert_eq!(running.post(&url, Some("sha256=00"), body).await.status(), 401);
    assert!(running.sent.lock().unwrap().is_empty());

    running.gateway.stop("test", None).await.unwrap();
    assert_eq!(code(send(&running, to("ann")).await), (503, "NOT_READY".into()));
    running.end().await;
}

#[tokio::test]
async fn sending_is_off_without_a_secret_and_limited_to_allowed_channels() {
    let mut off = settings();
    off.send.secret = None;
    let running = start(off).await;
    assert_eq!(code(send(&running, json!({})).await), (403, "DISABLED".into()));
    running.end().await;

    let mut limited = settings();
    limited.send.allowed_channels = Some(vec!["other".into()]);
    let running = start(limited).await;
    let body = json!({"channel": "test", "to": "ann", "text": "hi"});
    assert_eq!(code(send(&running, body).await), (403, "CHANNEL_NOT_ALLOWED".into()));
    running.end().await;
}

#[tokio::test]
async fn a_key_is_sent_once() {
    let running = start(settings()).await;
    let body =
        |text: &str| json!({"channel": "test", "to": "ann", "text": text, "idempotencyKey": "k"});
    let race = (0..20).map(|_| send(&running, body("hi")));
    let answers = futures::future::join_all(race).await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200), "{answers:?}");
    assert_eq!(running.sent.lock().unwrap().len(), 1);
    assert_eq!(code(send(&running, body("other")).await), (409, "KEY_REUSED".into()));
    running.end().await;
}
