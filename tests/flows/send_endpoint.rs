//! `POST /ocg/send` to the real binary, with the real plugin.

use hmac::{Hmac, KeyInit, Mac};
use ocg_tests::harness::CHANNEL;
use ocg_tests::platforms::wechat::{Endpoint, Fault};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::callbacks::{SECRET, asynchronous, free_port};
use crate::scene::Scene;

/// Posts a signed send request: status and answer.
async fn send(port: u16, body: Value) -> (u16, Value) {
    let body = body.to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.post(format!("http://127.0.0.1:{port}/ocg/send"));
    let response = request.header("x-ocg-signature", signature).body(body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// The callback secret signs, where there is no other; sync mode needs no more than that.
#[tokio::test]
async fn a_program_speaks_in_a_chat() {
    let scene = Scene::with_users(&["alice"]).await;
    let port = free_port();
    let config = asynchronous(&scene, &scene.agent.url()).set(&["async"], false);
    scene.home.configure(&config.set(&["callbackPort"], port));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    // WeChat lets a bot write only to those who have written.
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    let build = json!({
        "channel": CHANNEL, "to": alice.id(), "text": "build 42 is green", "clientRef": "b",
        "idempotencyKey": "build-42",
    });
    let (status, answer) = send(port, build.clone()).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!((&answer["ok"], &answer["chunksSent"]), (&json!(true), &json!(1)));
    assert_eq!(answer["clientRef"], "b");
    assert_eq!(alice.reply(2).await, "build 42 is green");
    assert_eq!(send(port, build).await, (200, answer), "answered alike, and not sent again");

    let to = |channel: &str| json!({"channel": channel, "to": alice.id(), "text": "hi"});
    let (status, answer) = send(port, to("pigeon")).await;
    assert_eq!((status, &answer["code"]), (404, &json!("UNKNOWN_CHANNEL")));
    scene.wechat.fault(Endpoint::SendMessage, Fault::Http(500));
    let (status, answer) = send(port, to(CHANNEL)).await;
    assert_eq!((status, &answer["code"]), (502, &json!("PLATFORM_REFUSED")), "{answer}");
    assert_eq!(answer["chunksSent"], 0);
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 2);
}
