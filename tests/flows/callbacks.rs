//! The agent answers later, by calling back.

use ocg_tests::agents::Answer;
use ocg_tests::harness::Config;
use serde_json::json;

use crate::scene::Scene;

/// `callbackSecret`.
pub(crate) const SECRET: &str = "shared secret";

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Async mode with an agent at `agent_url`, signed both ways.
pub(crate) fn asynchronous(scene: &Scene, agent_url: &str) -> Config {
    Config::with_agent_url(agent_url)
        .wechat(&scene.wechat)
        .set(&["async"], true)
        .set(&["callbackHost"], "127.0.0.1")
        .set(&["callbackPort"], free_port())
        .set(&["callbackSecret"], SECRET)
}

/// A configuration for the scene's own agent, with unsigned callbacks.
pub(crate) fn unsigned(scene: &Scene) -> Config {
    asynchronous(scene, &scene.agent.url()).set(&["callbackSecret"], json!(null))
}

/// The same with an agent that accepts everything.
pub(crate) fn accepting(scene: &Scene) -> Config {
    scene.agent.answers(|_| Answer::error(202, "accepted"));
    unsigned(scene)
}

/// The callback URL of the agent's request number `n`.
pub(crate) async fn callback_url(scene: &Scene, n: usize) -> String {
    scene.agent.until_asked(n).await[n - 1].headers["x-ocg-callback"].clone()
}

/// Posts an agent's reply and gives the status.
pub(crate) async fn call_back(url: &str, reply: &str) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.post(url).json(&json!({ "reply": reply }));
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
async fn the_status_shows_where_agents_call_back() {
    let scene = Scene::with_users(&["alice"]).await;
    let port = free_port();
    let config = asynchronous(&scene, &scene.agent.url()).set(&["callbackPort"], port);
    scene.home.configure(&config.set(&["callbackPublicUrl"], "https://bot.example/chat/"));
    let gateway = scene.start().await;
    let status = scene.home.run(&["status"]).await.exits(0).stdout;
    let line = format!(
        "Callback server: listening on 127.0.0.1:{port}; agents call back \
         https://bot.example/chat, signed"
    );
    assert!(status.lines().any(|one| one == line), "{status}");
    let row = status.lines().find(|line| line.starts_with("openclaw-weixin/")).unwrap();
    assert!(row.split('\t').any(|cell| cell == "async"), "{row}");
    let status = scene.home.run(&["status", "--json"]).await.exits(0).stdout;
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    let expected = json!({
        "address": format!("127.0.0.1:{port}"), "told": "https://bot.example/chat", "signed": true,
    });
    assert_eq!(status["gateway"]["callbackServer"], expected);
    assert_eq!(status["gateway"]["accounts"][0]["agent"]["mode"]["value"], "async");
    scene.end(gateway).await;
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
