//! The agent fails: the user is told in one short message, the operator in the log.

use std::time::Duration;

use ocg_tests::agents::{Agent, Answer, refused_url};
use ocg_tests::harness::Config;
use ocg_tests::platforms::authority::Authority;
use serde_json::json;

use super::told::{Told, assert_told};
use crate::scene::Scene;

const KEY: &str = "sk-secret-4711";

/// What is told when the agent answers everything with `answer`.
async fn answered(answer: Answer) -> Told {
    answered_in_time(answer, &[]).await
}

/// The same with limits in milliseconds.
async fn answered_in_time(answer: Answer, limits: &[(&str, u64)]) -> Told {
    let scene = Scene::with_users(&["alice"]).await;
    scene.agent.answers(move |_| answer.clone());
    let url = scene.agent.url();
    told(&scene, &url, limits).await
}

/// What is told when the agent is said to be at `url`.
async fn sought_at(url: &str) -> Told {
    told(&Scene::with_users(&["alice"]).await, url, &[]).await
}

async fn told(scene: &Scene, agent_url: &str, limits: &[(&str, u64)]) -> Told {
    let config = Config::with_agent_url(agent_url)
        .wechat(&scene.wechat)
        .set(&["apiKey"], KEY)
        .set(&["agentRetries"], 0);
    let config = limits.iter().fold(config, |config, (key, limit)| config.set(&[key], *limit));
    scene.home.configure(&config);
    let mut gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    gateway.output().until("the agent failed").await;
    let notice = alice.until_told("⚠️").await;
    let output = gateway.output().clone();
    gateway.ask_to_stop();
    assert_eq!(gateway.ended().await, Some(0));
    scene.wechat.assert_no_violations();

    assert!(notice.chars().count() < 120, "not short: {notice}");
    for inside in ["127.0.0.1", "http://", "/v1/", "{", "<"] {
        assert!(!notice.contains(inside), "{inside:?} is told to the user: {notice}");
    }
    Told::of_log(&output.text(), &["the agent failed"]).in_chat(&notice).checked(&[KEY])
}

#[tokio::test]
async fn not_there() {
    assert_told!(sought_at(&refused_url().await).await);
}

#[tokio::test]
async fn a_host_without_an_address() {
    assert_told!(sought_at("http://agent.invalid/v1/chat/completions").await);
}

#[tokio::test]
async fn no_tls_where_tls_is_expected() {
    let agent = Agent::start().await;
    assert_told!(sought_at(&agent.url().replace("http://", "https://")).await);
}

#[tokio::test]
async fn a_certificate_of_a_stranger() {
    let agent = Agent::with_tls(Authority::new().acceptor(&["127.0.0.1"])).await;
    assert_told!(sought_at(&agent.url()).await);
}

#[tokio::test]
async fn a_key_that_is_refused() {
    let message = format!("Incorrect API key provided: {KEY}");
    assert_told!(answered(Answer::error(401, &message)).await);
}

#[tokio::test]
async fn a_key_that_may_not() {
    assert_told!(answered(Answer::error(403, "this key may not use the model")).await);
}

#[tokio::test]
async fn a_path_that_does_not_exist() {
    assert_told!(answered(Answer::raw(404, "text/plain", "404 page not found")).await);
}

#[tokio::test]
async fn too_many_requests() {
    assert_told!(answered(Answer::error(429, "slow down").retry_after(20)).await);
}

#[tokio::test]
async fn a_server_error() {
    assert_told!(answered(Answer::error(500, "internal")).await);
}

#[tokio::test]
async fn a_web_page() {
    assert_told!(answered(Answer::html()).await);
}

#[tokio::test]
async fn broken_json() {
    assert_told!(answered(Answer::raw(200, "application/json", "{\"choices\": [")).await);
}

#[tokio::test]
async fn an_error_object_in_place_of_an_answer() {
    let body = json!({"error": {"message": "the model is overloaded", "type": "x"}});
    assert_told!(answered(Answer::json(&body)).await);
}

#[tokio::test]
async fn an_error_in_mid_stream() {
    assert_told!(answered(Answer::error_in_stream("Well, ", "the model is overloaded")).await);
}

#[tokio::test]
async fn a_connection_that_closes_without_an_answer() {
    assert_told!(answered(Answer::hang_up()).await);
}

#[tokio::test]
async fn a_stream_that_breaks() {
    assert_told!(answered(Answer::dropped_after("Well, ")).await);
}

#[tokio::test]
async fn silence() {
    let answer = Answer::text("too late").after(Duration::from_secs(60));
    assert_told!(answered_in_time(answer, &[("agentTimeoutMs", 1500)]).await);
}

#[tokio::test]
async fn a_stream_that_falls_silent() {
    let answer = Answer::silent_after("Well, ");
    assert_told!(answered_in_time(answer, &[("agentIdleTimeoutMs", 1500)]).await);
}

#[tokio::test]
async fn a_stream_that_never_ends() {
    let answer = Answer::endless("and on ");
    assert_told!(answered_in_time(answer, &[("agentTimeoutMs", 1500)]).await);
}

#[tokio::test]
async fn an_answer_of_50_megabytes() {
    assert_told!(answered(Answer::huge(50 * 1024 * 1024)).await);
}
