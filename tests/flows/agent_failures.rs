//! The agent fails; the user is told in one short message, the operator in the log.

use std::time::Duration;

use ocg_tests::agents::{Answer, refused_url};
use ocg_tests::harness::{Config, Gateway};
use serde_json::json;

use crate::scene::Scene;

const KEY: &str = "sk-secret-4711";

/// What the user is told when the agent answers everything with `answer`.
async fn told(answer: Answer) -> String {
    let scene = Scene::with_users(&["alice"]).await;
    let config = scene.config();
    scene.agent.answers(move |_| answer.clone());
    told_by(&scene, config).await
}

async fn told_by(scene: &Scene, config: Config) -> String {
    let config = config
        .set(&["apiKey"], KEY)
        .set(&["agentTimeoutMs"], 4000)
        .set(&["agentIdleTimeoutMs"], 1500)
        .set(&["agentRetries"], 0);
    scene.home.configure(&config);
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    alice.replies(1).await;
    let log = log_after_stop(gateway).await;
    scene.wechat.assert_no_violations();

    let received = alice.received();
    let last = received.last().unwrap().text().to_owned();
    assert!(last.starts_with("⚠️ Agent error: "), "{last}");
    assert!(last.chars().count() < 120, "not short: {last}");
    for secret in [KEY, "127.0.0.1", "http://", "/v1/", "{", "<"] {
        assert!(!last.contains(secret), "{secret:?} is told to the user: {last}");
    }
    assert!(!log.contains(KEY), "the key is in the log: {log}");
    assert!(log.contains("WARN") || log.contains("ERROR"), "nothing in the log: {log}");
    last
}

async fn log_after_stop(gateway: Gateway) -> String {
    let output = gateway.output().clone();
    gateway.stop().await;
    output.text()
}

#[tokio::test]
async fn not_there() {
    let scene = Scene::with_users(&["alice"]).await;
    let config = Config::with_agent_url(&refused_url().await).wechat(&scene.wechat);
    told_by(&scene, config).await;
}

#[tokio::test]
async fn wrong_key() {
    for status in [401, 403] {
        told(Answer::error(status, "Incorrect API key provided: sk-secret-4711")).await;
    }
}

#[tokio::test]
async fn too_many_requests() {
    let text = told(Answer::error(429, "slow down").retry_after(20)).await;
    assert!(text.contains("20"), "the user is not told when to try again: {text}");
}

#[tokio::test]
async fn server_error() {
    assert!(told(Answer::error(500, "internal")).await.contains("500"));
}

#[tokio::test]
async fn a_web_page() {
    told(Answer::html()).await;
}

#[tokio::test]
async fn broken_json() {
    told(Answer::raw(200, "application/json", "{\"choices\": [")).await;
}

#[tokio::test]
async fn an_error_object_in_place_of_an_answer() {
    told(Answer::json(&json!({"error": {"message": "the model is overloaded", "type": "x"}})))
        .await;
}

#[tokio::test]
async fn an_error_in_mid_stream() {
    told(Answer::error_in_stream("Well, ", "the model is overloaded")).await;
}

#[tokio::test]
async fn a_connection_that_closes_without_an_answer() {
    told(Answer::hang_up()).await;
}

#[tokio::test]
async fn a_stream_that_breaks() {
    told(Answer::dropped_after("Well, ")).await;
}

#[tokio::test]
async fn silence() {
    told(Answer::text("too late").after(Duration::from_secs(60))).await;
}

#[tokio::test]
async fn a_stream_that_falls_silent() {
    told(Answer::silent_after("Well, ")).await;
}

#[tokio::test]
async fn a_stream_that_never_ends() {
    told(Answer::endless("and on ")).await;
}

#[tokio::test]
async fn slow_an_answer_of_50_megabytes() {
    told(Answer::huge(50 * 1024 * 1024)).await;
}

#[tokio::test]
async fn a_busy_agent_is_asked_again_when_it_said() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    scene.agent.next(Answer::error(429, "slow down").retry_after(1));
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    let requests = scene.agent.requests();
    let pause = requests[1].at - requests[0].at;
    assert!(pause >= Duration::from_millis(950), "asked again after {pause:?}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn the_next_message_is_answered_after_a_failure() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    scene.agent.next(Answer::error(401, "no"));
    let alice = scene.wechat.user("alice");
    alice.says("one");
    alice.replies(1).await;
    alice.says("two");
    assert_eq!(alice.replies(2).await[1].text(), "echo: two");
    scene.end(gateway).await;
}
