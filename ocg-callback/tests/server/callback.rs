//! `POST /ocg/callback/{token}`: every answer it gives.

use std::time::Duration;

use ocg_callback::ServerSettings;
use serde_json::json;

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
    let (status, body) = running.signed(&url, REPLY).await;
    assert_eq!((status, body["code"].as_str()), (410, Some("EXPIRED_TOKEN")));
    assert!(running.end().await.is_empty());
}

#[tokio::test]
async fn a_thousand_callbacks_for_one_token_give_one_delivery() {
    // A busy machine needs more time for so many requests than other tests wait for.
    let patience = Duration::from_secs(30);
    let mut running = start(ServerSettings { read_timeout: patience, ..settings() }).await;
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
async fn other_methods_are_405_and_no_other_site_is_let_in() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        for path in [&url, &running.url("/ocg/callback"), &running.url("/ocg/send")] {
            let request = running.http.request(method.parse().unwrap(), path);
            let request = request.header("origin", "https://evil.example");
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 405, "{method} {path}");
            assert!(!response.headers().contains_key("access-control-allow-origin"));
        }
    }
    let request = running.http.post(&url).header("origin", "https://evil.example");
    let request = request.header("x-ocg-signature", sign(REPLY)).body(REPLY);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
    running.end().await;
}

#[tokio::test]
async fn a_callback_that_is_not_the_final_one_leaves_the_token_good() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    for number in 1..4 {
        let part = json!({"reply": format!("part {number}"), "final": false}).to_string();
        assert_eq!(running.signed(&url, &part).await.0, 200);
        assert_eq!(running.shown().await, format!("part {number}"));
    }
    let last = json!({"reply": "the end", "final": true}).to_string();
    assert_eq!(running.signed(&url, &last).await.0, 200);
    assert_eq!(running.shown().await, "the end");
    assert_eq!(running.signed(&url, &last).await.0, 409);
    running.end().await;
}

#[tokio::test]
async fn a_token_whose_final_callback_never_comes_expires() {
    let mut running = start_with_ttl(settings(), Duration::from_millis(300)).await;
    let url = running.asked("hi").await;
    let part = json!({"reply": "a part", "final": false}).to_string();
    assert_eq!(running.signed(&url, &part).await.0, 200);
    assert_eq!(running.shown().await, "a part");
    assert!(running.shown().await.contains("has not answered in time"));
    assert_eq!(running.signed(&url, REPLY).await.0, 410);
    assert!(running.end().await.is_empty());
}

#[tokio::test]
async fn without_a_secret_nothing_need_be_signed() {
    let mut running = start(ServerSettings { secret: None, ..settings() }).await;
    let url = running.asked("hi").await;
    assert_eq!(running.post(&url, None, REPLY).await.status(), 200);
    assert_eq!(running.shown().await, "hello");
    running.end().await;
}

#[tokio::test]
async fn a_failure_that_the_agent_reports_is_shown_as_one() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    let failure = json!({"reply": "no quota left", "isError": true}).to_string();
    assert_eq!(running.signed(&url, &failure).await.0, 200);
    let shown = running.shown_payload().await;
    assert!(shown.is_error);
    assert_eq!(shown.text, "⚠️ no quota left");
    running.end().await;
}

#[tokio::test]
async fn an_object_gives_its_text_its_content_or_itself() {
    let mut running = start(settings()).await;
    for (reply, shown) in [
        (json!({"text": "a", "content": "b"}), "a"),
        (json!({"content": "b"}), "b"),
        (json!({"x": [1, "y"]}), r#"{"x":[1,"y"]}"#),
    ] {
        let url = running.asked("hi").await;
        let body = json!({"reply": reply}).to_string();
        assert_eq!(running.signed(&url, &body).await.0, 200);
        assert_eq!(running.shown().await, shown);
    }
    running.end().await;
}

#[tokio::test]
async fn media_urls_are_delivered_as_media() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    let (one, two) = ("https://a.example/1.png", "https://a.example/2.png");
    let reply = json!({"text": "look", "mediaUrl": one, "mediaUrls": [one, two]});
    assert_eq!(running.signed(&url, &json!({"reply": reply}).to_string()).await.0, 200);
    assert_eq!(running.shown().await, "look");
    assert_eq!(running.shown_payload().await.media, [one]);
    assert_eq!(running.shown_payload().await.media, [two]);
    assert!(running.end().await.is_empty());
}

/// A chat that takes nothing: replies queue up, and then the agent must wait.
#[tokio::test]
async fn too_many_replies_for_one_chat_are_429_and_the_token_stays_good() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    let part = json!({"reply": "part", "final": false}).to_string();
    let mut taken = 0;
    let refused = loop {
        let response = running.post(&url, Some(&sign(&part)), part.clone()).await;
        if response.status() != 200 {
            break response;
        }
        taken += 1;
    };
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "5");
    assert!(taken >= 256, "{taken}");
    for _ in 0..taken {
        assert_eq!(running.shown().await, "part");
    }
    assert_eq!(running.signed(&url, REPLY).await.0, 200);
    assert_eq!(running.shown().await, "hello");
    running.end().await;
}

#[tokio::test]
async fn what_cannot_be_stored_is_503_and_the_token_stays_good() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    running.store.limit_pages(1).await.unwrap();
    let large = json!({"reply": "x".repeat(500_000)}).to_string();
    let response = running.post(&url, Some(&sign(&large)), large).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "5");
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["code"], "STORE");
    running.store.limit_pages(1_000_000).await.unwrap();
    assert_eq!(running.signed(&url, REPLY).await.0, 200);
    assert_eq!(running.shown().await, "hello");
    running.end().await;
}

#[tokio::test]
async fn after_the_gateway_has_ended_callbacks_are_503() {
    let mut running = start(settings()).await;
    let url = running.asked("hi").await;
    running.stop_gateway.cancel();
    let stopping = loop {
        // Until its last turn is over it takes callbacks.
        let answer = running.signed(&url, r#"{"reply": "x", "final": false}"#).await;
        if answer.0 != 200 {
            break answer;
        }
    };
    assert_eq!((stopping.0, stopping.1["code"].as_str()), (503, Some("STOPPING")));
    running.end().await;
}
