//! `ocg test` in async mode: it says whether the agent accepts a message and calls back, and what
//! is wrong where it does not.

use ocg_tests::agents::{Agent, Answer};
use ocg_tests::harness::{Config, Home};
use serde_json::json;

use crate::agent_examples::{python, start};
use crate::callbacks::free_port;

const SECRET: &str = "test secret";

fn config(agent_url: &str) -> Config {
    Config::with_agent_url(agent_url)
        .set(&["async"], true)
        .set(&["callbackHost"], "127.0.0.1")
        .set(&["callbackPort"], free_port())
        .set(&["callbackSecret"], SECRET)
}

/// What `ocg test` prints; `code` is how it must end.
async fn tested(config: &Config, wait: &str, code: i32) -> String {
    let home = Home::new();
    home.configure(config);
    let finished = home.run(&["test", "--wait", wait]).await.exits(code);
    format!("{}{}", finished.stdout, finished.stderr)
}

#[tokio::test]
async fn an_agent_that_calls_back_passes() {
    let (_agent, url) = start(&mut python(), SECRET).await;
    let told = tested(&config(&url), "30", 0).await;
    assert!(told.contains("accepted after") && told.contains("called back after"), "{told}");
    assert!(told.contains("reply: You said: Hello!"), "{told}");
}

/// A running gateway has the port; the test listens beside it.
#[tokio::test]
async fn the_port_may_be_in_use() {
    let (_agent, url) = start(&mut python(), SECRET).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let config = config(&url).set(&["callbackPort"], taken.local_addr().unwrap().port());
    let told = tested(&config, "30", 0).await;
    assert!(told.contains("called back after"), "{told}");
    let config = config.set(&["callbackPublicUrl"], "https://bot.example");
    let told = tested(&config, "30", 1).await;
    assert!(told.contains("is in use") && told.contains("`ocg stop`"), "{told}");
}

#[tokio::test]
async fn an_agent_that_never_calls_back_is_told() {
    let agent = Agent::start().await;
    agent.answers(|_| Answer::json(&json!({"status": "thanks"})));
    let told = tested(&config(&agent.url()), "1", 1).await;
    assert!(told.contains("did not call back within 1 s"), "{told}");
    assert!(told.contains("callbackPublicUrl") && told.contains("--wait"), "{told}");
}

/// The agent has no secret, and so does not sign.
#[tokio::test]
async fn a_missing_signature_is_told() {
    let (_agent, url) = start(&mut python(), "").await;
    let told = tested(&config(&url), "30", 1).await;
    assert!(told.contains("its signature is missing or wrong"), "{told}");
    assert!(!told.contains(SECRET), "{told}");
}

/// The agent has another secret: it refuses what the gateway signs.
#[tokio::test]
async fn an_agent_with_another_secret_is_told() {
    let (_agent, url) = start(&mut python(), "another secret").await;
    let told = tested(&config(&url), "30", 1).await;
    assert!(told.contains("401"), "{told}");
}

#[tokio::test]
async fn an_agent_that_does_not_take_the_message_is_told() {
    let refused = ocg_tests::agents::refused_url().await;
    let told = tested(&config(&refused), "30", 1).await;
    assert!(told.contains("cannot connect") && told.contains("start the agent"), "{told}");

    let agent = Agent::start().await;
    agent.answers(|_| Answer::error(500, "no"));
    let told = tested(&config(&agent.url()), "30", 1).await;
    assert!(told.contains("500"), "{told}");
    assert_eq!(agent.requests().len(), 1, "asked once");
}
