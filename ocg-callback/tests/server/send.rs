//! `POST /ocg/send`: every answer it gives.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ocg_core::http::signature::Signer;
use ocg_core::store::{SendKey, SqliteStore, Store};
use serde_json::{Value, json};

use crate::kit::{Running, settings, sign, start, start_on};

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

    let mut off = settings();
    off.send.enabled = false;
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

#[tokio::test]
async fn a_key_is_sent_once_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ocg.sqlite");
    let open = || Arc::new(SqliteStore::open(&file).unwrap());
    let started = |store| start_on(settings(), Duration::from_secs(60), store);
    let body =
        |text: &str| json!({"channel": "test", "to": "ann", "text": text, "idempotencyKey": "k"});
    let running = started(open()).await;
    let answer = send(&running, body("hi")).await;
    assert_eq!(answer.0, 200);
    running.end().await;

    let running = started(open()).await;
    assert_eq!(send(&running, body("hi")).await, answer);
    assert_eq!(code(send(&running, body("other")).await), (409, "KEY_REUSED".into()));
    assert!(running.sent.lock().unwrap().is_empty());
    running.end().await;
}

#[tokio::test]
async fn what_a_crash_cut_off_is_not_sent_again_with_its_key() {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    let body = json!({"channel": "test", "to": "ann", "text": "hi", "idempotencyKey": "k"});
    // As far as a gateway comes that dies while it sends.
    store.begin_send(SendKey::of("k", body.to_string().as_bytes())).await.unwrap();
    let running = start_on(settings(), Duration::from_secs(60), store).await;
    let answer = send(&running, body).await;
    assert!(answer.1["message"].as_str().unwrap().contains("not known"), "{}", answer.1);
    assert_eq!(code(answer), (504, "UNKNOWN_OUTCOME".into()));
    assert!(running.sent.lock().unwrap().is_empty());
    running.end().await;
}

#[tokio::test]
async fn only_the_send_secret_signs() {
    let mut rules = settings();
    rules.send.secret = Some("another".into());
    let running = start(rules).await;
    let url = running.url("/ocg/send");
    let body = json!({"channel": "test", "to": "ann", "text": "hi"}).to_string();
    let signer = Signer::new("another".into());
    let right = signer.sign(body.as_bytes());
    for wrong in [None, Some("sha256=00"), Some(&right[..70]), Some(&*sign(&body))] {
        assert_eq!(running.post(&url, wrong, body.clone()).await.status(), 401, "{wrong:?}");
    }
    assert!(running.sent.lock().unwrap().is_empty());
    assert_eq!(running.post(&url, Some(&right), body.clone()).await.status(), 200);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let request = running
        .http
        .post(&url)
        .header("webhook-id", "msg_1")
        .header("webhook-timestamp", now.to_string())
        .header("webhook-signature", signer.sign_webhook("msg_1", now, body.as_bytes()));
    assert_eq!(request.body(body).send().await.unwrap().status(), 200);
    assert_eq!(running.sent.lock().unwrap().len(), 2);
    running.end().await;
}

#[tokio::test]
async fn a_body_over_its_own_limit_is_413() {
    let mut rules = settings();
    rules.send.max_body = 100;
    let running = start(rules).await;
    let body = json!({"channel": "test", "to": "ann", "text": "x".repeat(200)});
    assert_eq!(code(send(&running, body).await), (413, "TOO_LARGE".into()));
    running.end().await;
}

#[tokio::test]
async fn a_refusal_says_what_was_sent_before_it() {
    let running = start(settings()).await;
    let body = json!({
        "channel": "test", "to": "refused after one", "text": "word ".repeat(50),
        "clientRef": "r", "idempotencyKey": "k",
    });
    let (status, answer) = send(&running, body.clone()).await;
    let expected = json!({
        "ok": false, "code": "PLATFORM_REFUSED", "message": "no", "chunksSent": 1,
        "chunksTotal": 3, "clientRef": "r",
    });
    assert_eq!((status, &answer), (502, &expected));
    // Trying again with the same key would send the beginning twice.
    assert_eq!(send(&running, body).await, (502, expected));
    assert_eq!(running.sent.lock().unwrap().len(), 1);
    running.end().await;
}

#[tokio::test]
async fn an_uncertain_outcome_is_504_and_is_not_tried_again_with_its_key() {
    let running = start(settings()).await;
    let body = json!({"channel": "test", "to": "silent", "text": "hi", "idempotencyKey": "k"});
    let (status, answer) = send(&running, body.clone()).await;
    assert_eq!(status, 504);
    assert!(answer["message"].as_str().unwrap().contains("not known"), "{answer}");
    assert_eq!(send(&running, body).await, (status, answer));
    running.end().await;
}

#[tokio::test]
async fn what_was_surely_not_sent_may_be_tried_again_with_its_key() {
    let running = start(settings()).await;
    let body = json!({"channel": "test", "to": "ann", "text": "hi", "idempotencyKey": "k"});
    running.gateway.stop("test", None).await.unwrap();
    assert_eq!(code(send(&running, body.clone()).await), (503, "NOT_READY".into()));
    running.gateway.start("test", None).await.unwrap();
    running.until_connected().await;
    assert_eq!(send(&running, body).await.0, 200);
    running.end().await;
}

#[tokio::test]
async fn a_gateway_that_stops_sends_nothing_more() {
    let running = start(settings()).await;
    running.stop_gateway.cancel();
    let body = json!({"channel": "test", "to": "ann", "text": "hi"});
    let stopped = loop {
        let answer = send(&running, body.clone()).await;
        if answer.0 != 200 {
            break answer;
        }
    };
    assert_eq!(stopped.0, 503, "{}", stopped.1);
    running.end().await;
}

#[tokio::test]
async fn the_parts_of_a_long_text_may_be_numbered() {
    let mut rules = settings();
    rules.send.chunk_prefix = true;
    let running = start(rules).await;
    let body = json!({"channel": "test", "to": "ann", "text": "word ".repeat(30).trim()});
    assert_eq!(send(&running, body).await.0, 200);
    let sent = running.sent.lock().unwrap().clone();
    assert!(sent.len() > 1);
    for (index, message) in sent.iter().enumerate() {
        let prefix = format!("({}/{}) word", index + 1, sent.len());
        assert!(message.payload.text.starts_with(&prefix), "{}", message.payload.text);
    }
    running.end().await;
}
