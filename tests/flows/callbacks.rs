//! The agent answers later, by calling back: with the real plugin, and an agent in Python that was
//! written for the original OCG's protocol.

use std::process::Stdio;

use ocg_tests::agents::Answer;
use ocg_tests::harness::Config;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::scene::Scene;

const SECRET: &str = "shared secret";

/// The example agent of the documentation, on a free port.
async fn python_agent() -> (Child, String) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/callback_agent.py");
    let mut child = Command::new("python3")
        .arg(path)
        .env("PORT", "0")
        .env("CALLBACK_SECRET", SECRET)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the example agent needs python3");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let port = line.rsplit(' ').next().unwrap();
    (child, format!("http://127.0.0.1:{port}/v1/chat/completions"))
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn asynchronous(scene: &Scene, agent_url: &str) -> Config {
    Config::with_agent_url(agent_url)
        .wechat(&scene.wechat)
        .set(&["async"], true)
        .set(&["callbackHost"], "127.0.0.1")
        .set(&["callbackPort"], free_port())
        .set(&["callbackSecret"], SECRET)
}

#[tokio::test]
async fn an_agent_written_for_the_original_answers_later() {
    let scene = Scene::with_users(&["alice"]).await;
    let (_agent, url) = python_agent().await;
    scene.home.configure(&asynchronous(&scene, &url));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("Grüße 👋");
    assert_eq!(alice.reply(1).await, "You said: Grüße 👋");
    alice.says("again");
    assert_eq!(alice.reply(2).await, "You said: again");
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 2, "each answered once");
}

#[tokio::test]
async fn an_agent_that_is_not_there_is_told_at_once() {
    let scene = Scene::with_users(&["alice"]).await;
    let url = format!("http://127.0.0.1:{}/v1/chat/completions", free_port());
    scene.home.configure(&asynchronous(&scene, &url).set(&["agentRetries"], 0));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    assert_eq!(alice.reply(1).await, "⚠️ Agent error: it cannot be reached");
    scene.end(gateway).await;
}

/// A configuration for the scene's own agent, with unsigned callbacks.
pub(crate) fn unsigned(scene: &Scene) -> Config {
    asynchronous(scene, &scene.agent.url()).set(&["callbackSecret"], serde_json::Value::Null)
}

/// The same with an agent that accepts everything.
fn accepting(scene: &Scene) -> Config {
    scene.agent.answers(|_| Answer::error(202, "accepted"));
    unsigned(scene)
}

/// The callback URL of the agent's request number `n`.
async fn callback_url(scene: &Scene, n: usize) -> String {
    scene.agent.until_asked(n).await[n - 1].headers["x-ocg-callback"].clone()
}

/// Posts an agent's reply and gives the status.
async fn call_back(url: &str, reply: &str) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.post(url).json(&serde_json::json!({ "reply": reply }));
    request.send().await.unwrap().status().as_u16()
}

/// The gateway ends between forward and callback, and the reply is delivered by the next one.
async fn answers_across_a_restart(crash: bool) {
    let scene = Scene::with_users(&["alice"]).await;
    scene.home.configure(&accepting(&scene));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    let url = callback_url(&scene, 1).await;
    gateway.output().until("will call back").await;
    // The cursor after the message is on disk once the next poll is open.
    scene.wechat.until_polled().await;
    if crash {
        gateway.crash().await
    } else {
        gateway.stop().await
    }
    let gateway = scene.start().await;
    assert_eq!(call_back(&url, "late but here").await, 200);
    assert_eq!(alice.reply(1).await, "late but here");
    assert_eq!(call_back(&url, "again").await, 409);
    scene.end(gateway).await;
    assert_eq!(scene.agent.requests().len(), 1, "the agent was asked once");
    assert_eq!(alice.received().len(), 1, "the user was answered once");
}

#[tokio::test]
async fn a_restart_between_forward_and_callback_loses_nothing() {
    answers_across_a_restart(false).await;
}

#[tokio::test]
async fn a_crash_between_forward_and_callback_loses_nothing() {
    answers_across_a_restart(true).await;
}

#[tokio::test]
async fn an_agent_that_never_calls_back_is_told_to_the_user() {
    let scene = Scene::with_users(&["alice"]).await;
    scene.home.configure(&accepting(&scene).set(&["callbackTokenTTL"], 1));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    let url = callback_url(&scene, 1).await;
    let told = "⚠️ Agent error: it has not answered in time. Please try again.";
    assert_eq!(alice.reply(1).await, told);
    assert_eq!(call_back(&url, "too late").await, 410);
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1);
}
