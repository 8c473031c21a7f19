//! In async mode a message is handed to the agent; what happens when the agent does not take it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use ocg_tests::agents::Answer;
use sha2::Sha256;

use crate::callbacks::{SECRET, accepting, asynchronous, call_back, callback_url, free_port};
use crate::scene::Scene;

const ACCEPTED: &str = "will call back";

#[tokio::test]
async fn a_forward_is_the_original_request_signed_by_standard_webhooks() {
    let scene = Scene::with_users(&["alice"]).await;
    scene.agent.answers(|_| Answer::error(202, "accepted"));
    let config = asynchronous(&scene, &scene.agent.url()).set(&["apiKey"], "key");
    scene.home.configure(&config);
    let gateway = scene.start().await;
    scene.wechat.user("alice").says("hello");
    let request = scene.agent.until_asked(1).await.remove(0);
    gateway.output().until(ACCEPTED).await;
    assert_eq!(request.body["stream"], false);
    assert_eq!(request.body["messages"].as_array().unwrap().len(), 1);
    assert_eq!(request.text(), "hello");
    let header = |name: &str| request.headers[name].as_str();
    assert_eq!(header("authorization"), "Bearer key");
    let token = header("x-ocg-callback").split_once("/ocg/callback/").unwrap().1;
    assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");

    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    mac.update(&request.raw_body);
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(header("webhook-signature"), expected);
    let log = gateway.output().text();
    assert!(!log.contains(token) && !log.contains(SECRET), "{log}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn all_interfaces_are_told_as_this_machine() {
    let scene = Scene::with_users(&["alice"]).await;
    let port = free_port();
    let config = accepting(&scene).set(&["callbackHost"], "0.0.0.0").set(&["callbackPort"], port);
    scene.home.configure(&config);
    let gateway = scene.start().await;
    scene.wechat.user("alice").says("hello");
    let url = callback_url(&scene, 1).await;
    assert!(url.starts_with(&format!("http://127.0.0.1:{port}/ocg/callback/")), "{url}");
    assert_eq!(call_back(&url, "hi").await, 200);
    assert_eq!(scene.wechat.user("alice").reply(1).await, "hi");
    scene.end(gateway).await;
}

/// The agent fails once with `failure`, then accepts; the user sees the answer alone.
async fn is_forwarded_again(failure: Answer) {
    let scene = Scene::with_users(&["alice"]).await;
    scene.home.configure(&accepting(&scene));
    scene.agent.next(failure);
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    let requests = scene.agent.until_asked(2).await;
    let [first, second] = [&requests[0], &requests[1]].map(|one| &one.headers["x-ocg-callback"]);
    assert_eq!(first, second, "one message has one token");
    assert_eq!(call_back(second, "at last").await, 200);
    assert_eq!(alice.reply(1).await, "at last");
    scene.end(gateway).await;
    assert_eq!((scene.agent.requests().len(), alice.received().len()), (2, 1));
}

#[tokio::test]
async fn a_429_is_forwarded_again_after_the_pause_that_it_asks_for() {
    is_forwarded_again(Answer::error(429, "busy").retry_after(1)).await;
}

#[tokio::test]
async fn a_503_is_forwarded_again() {
    is_forwarded_again(Answer::error(503, "starting").retry_after(0)).await;
}

/// The agent's failure reaches the user in one message; it was asked `times`.
async fn is_told(failure: fn() -> Answer, told: &str, times: usize) {
    let scene = Scene::with_users(&["alice"]).await;
    scene.home.configure(&accepting(&scene).set(&["agentRetries"], 1));
    scene.agent.answers(move |_| failure());
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    assert_eq!(alice.reply(1).await, told);
    let token = callback_url(&scene, 1).await;
    assert_eq!(call_back(&token, "after all").await, 409, "the token ended with the turn");
    scene.end(gateway).await;
    assert_eq!((scene.agent.requests().len(), alice.received().len()), (times, 1));
}

#[tokio::test]
async fn a_401_is_told_at_once() {
    is_told(|| Answer::error(401, "no"), "⚠️ Agent error: it refused the gateway's key", 1).await;
}

#[tokio::test]
async fn a_404_is_told_at_once() {
    is_told(|| Answer::error(404, "no"), "⚠️ Agent error: it answered with HTTP 404", 1).await;
}

#[tokio::test]
async fn a_503_that_stays_is_told_after_the_last_attempt() {
    let failure = || Answer::error(503, "starting").retry_after(0);
    is_told(failure, "⚠️ Agent error: it answered with HTTP 503", 2).await;
}

#[tokio::test]
async fn an_agent_that_is_not_there_is_told() {
    let scene = Scene::with_users(&["alice"]).await;
    let url = format!("http://127.0.0.1:{}/v1/chat/completions", free_port());
    scene.home.configure(&asynchronous(&scene, &url).set(&["agentRetries"], 1));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    assert_eq!(alice.reply(1).await, "⚠️ Agent error: it cannot be reached");
    assert!(gateway.output().text().contains("the agent is asked again"));
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1);
}
