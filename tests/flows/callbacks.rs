//! The agent answers later, by calling back: with the real plugin, and an agent in Python that was
//! written for the original OCG's protocol.

use std::process::Stdio;

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
