//! `POST /ocg/callback/{token}`: every answer it gives.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::kit::{settings, sign, start, start_with_ttl};

const REPLY: &str = r#"{"reply": "hello"}"#;

#[tokio::test]
async fn a_signed_reply_is_delivered_once() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    assert_eq!(running.signed(&url, REPLY).await, (200, json!({"ok": true})));
    assert_eq!(running.shown().await, "hello");
    let (status, body) = running.signed(&url, REPLY).await;
    assert_eq!((status, body["code"].as_str()), (409, Some("USED_TOKEN")));
    assert!(running.end().await.is_empty());
}

#[tokio::test]
async fn a_wrong_signature_reveals_nothing_and_costs_nothing() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    let unknown = running.url(&format!("/ocg/callback/{}", "0".repeat(64)));
    let no_token = running.url("/ocg/callback");
    let right = sign(REPLY);
    let others = ["", "sha256=", &right[..70], &right[..40], "sha256=zz", &sign("other")];
    let mut seen = std::collections::BTreeSet::new();
    for url in [&url, &unknown, &no_token] {
        for body in [REPLY, "not JSON"] {
            for signature in others.iter().map(|text| Some(*text)).chain([None]) {
                let response = running.post(url, signature, body).await;
                assert_eq!(response.status(), 401);
                assert!(!response.headers().contains_key("access-control-allow-origin"));
                seen.insert(response.text().await.unwrap());
            }
        }
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    let upper = right.to_uppercase().replace("SHA256", "sha256");
    assert_eq!(running.post(&url, Some(&upper), REPLY).await.status(), 200);
    assert_eq!(running.shown().await, "hello");
    running.end().await;
}

#[tokio::test]
async fn standard_webhooks_signatures_do_as_well() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    let signer = ocg_core::http::signature::Signer::new(crate::kit::SECRET.into());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for (sent, status) in [(now - 3600, 401), (now, 200)] {
        let request = running
            .http
            .post(&url)
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", sent.to_string())
            .header("webhook-signature", signer.sign_webhook("msg_1", sent, REPLY.as_bytes()));
        assert_eq!(request.body(REPLY).send().await.unwrap().status(), status);
    }
    assert_eq!(running.shown().await, "hello");
    running.end().await;
}

#[tokio::test]
async fn what_is_no_callback_is_refused_and_the_token_stays_good() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    let deep = "[".repeat(100_000);
    let bodies: [&[u8]; 6] =
        [b"", b"{", b"{}", b"{\"reply\": 7}", b"{\"reply\": \"\xff\"}", deep.as_bytes()];
    for body in bodies {
        let response = running.post(&url, Some(&sign(body)), body.to_vec()).await;
        assert_eq!(response.status(), 400);
        let answer: serde_json::Value = response.json().await.unwrap();
        assert!(answer["code"].is_string() && answer["message"].is_string(), "{answer}");
    }
    let (status, body) = running.signed(&running.url("/ocg/callback"), REPLY).await;
    assert_eq!((status, body["code"].as_str()), (400, Some("NO_TOKEN")));
    let unknown = running.url(&format!("/ocg/callback/{}", "0".repeat(64)));
    let (status, body) = running.signed(&unknown, REPLY).await;
    assert_eq!((status, body["code"].as_str()), (404, Some("UNKNOWN_TOKEN")));
    assert_eq!(running.http.get(&url).send().await.unwrap().status(), 405);
    assert_eq!(running.signed(&url, REPLY).await.0, 200);
    running.end().await;
}

#[tokio::test]
async fn a_token_of_another_gateway_is_unknown() {
    let mut one = start(settings()).await;
    let other = start(settings()).await;
    let url = one.asked("hi").await.replace(&one.address.to_string(), &other.address.to_string());
    assert_eq!(other.signed(&url, REPLY).await.0, 404);
    one.end().await;
    other.end().await;
}

#[tokio::test]
async fn an_expired_token_is_gone_and_the_chat_is_told() {
    let mut running = start_with_ttl(settings(), Duration::from_millis(100)).await;
    let url = running.asked("hi").await;
    assert!(running.shown().await.contains("has not answered in time"));
    let status = running.signed(&url, REPLY).await.0;
    assert!(matches!(status, 409 | 410), "{status}");
    running.end().await;
}

#[tokio::test]
async fn large_and_slow_bodies_are_cut_off() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    let large = "x".repeat(2 * 1024 * 1024);
    // The server may answer and close while the client still writes.
    if let Ok(response) = running.http.post(&url).body(large).send().await {
        assert_eq!(response.status(), 413);
    }
    let path = url.split_once(&running.address.to_string()).unwrap().1;
    let heads = [
        format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n"),
        format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n{{\"re"),
    ];
    for (head, status) in heads.into_iter().zip(["413", "408"]) {
        let mut socket = TcpStream::connect(running.address).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    // A head that never ends.
    let mut socket = TcpStream::connect(running.address).await.unwrap();
    socket.write_all(b"POST / HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    assert_eq!(running.signed(&url, REPLY).await.0, 200, "the token is still good");
    running.end().await;
}

#[tokio::test]
async fn a_thousand_callbacks_for_one_token_give_one_delivery() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    let race = (0..1000).map(|_| running.signed(&url, REPLY));
    let mut statuses: Vec<_> =
        futures::future::join_all(race).await.into_iter().map(|(status, _)| status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[1], statuses[999]), (200, 409, 409));
    assert_eq!(running.shown().await, "hello");
    assert!(running.end().await.is_empty());
}

#[tokio::test]
async fn too_many_requests_are_slowed_down() {
    let running = start(ocg_callback::ServerSettings { rate: 1, ..settings() }).await;
    let url = running.url("/healthz");
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(running.http.get(&url).send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses[0], 200);
    assert!(statuses.contains(&429), "{statuses:?}");
    running.end().await;
}
