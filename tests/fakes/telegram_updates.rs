//! How the Telegram fake tells bots what happens: polls, their conflicts, and webhooks.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use ocg_tests::Watched;
use ocg_tests::http::{self, App, HangUp, Reply, Server};
use ocg_tests::platforms::telegram::Telegram;
use serde_json::{Value, json};

use crate::telegram::Bot;

#[tokio::test]
async fn updates_stay_until_they_are_confirmed() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let (first, second) = (alice.says("one"), alice.says("two"));
    for _ in 0..2 {
        let updates = bot.done("getUpdates", json!({"limit": 1})).await;
        assert_eq!(updates.as_array().unwrap().len(), 1);
        assert_eq!(updates[0]["update_id"], json!(first.update_id));
    }
    let offset = first.update_id.unwrap() + 1;
    let updates = bot.done("getUpdates", json!({"offset": offset})).await;
    assert_eq!(updates[0]["message"]["text"], "two");
    alice.says("three");
    let updates = bot.done("getUpdates", json!({"offset": -1})).await;
    assert_eq!(updates[0]["message"]["text"], "three");
    assert_eq!(updates.as_array().unwrap().len(), 1, "those before are forgotten");
    let offset = second.update_id.unwrap() + 2;
    assert_eq!(bot.done("getUpdates", json!({"offset": offset})).await, json!([]));
}

#[tokio::test]
async fn a_long_poll_waits_for_news() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let poll = bot.done("getUpdates", json!({"timeout": 30}));
    let speak = async {
        bot.telegram.until_polled(1).await;
        alice.says("news");
    };
    let (updates, ()) = tokio::join!(poll, speak);
    assert_eq!(updates[0]["message"]["text"], "news");
}

#[tokio::test]
async fn a_second_poll_ends_the_first() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let first = bot.refused("getUpdates", json!({"timeout": 30}));
    let second = async {
        bot.telegram.until_polled(1).await;
        let poll = bot.done("getUpdates", json!({"timeout": 30}));
        let speak = async {
            bot.telegram.until_conflicts(1).await;
            alice.says("hi");
        };
        tokio::join!(poll, speak).0
    };
    let ((status, why), updates) = tokio::join!(first, second);
    assert_eq!(status, 409);
    assert!(why.starts_with("Conflict: terminated by other getUpdates request"), "{why}");
    assert_eq!(updates[0]["message"]["text"], "hi");
}

#[tokio::test]
async fn bots_get_the_kinds_of_updates_that_they_ask_for() {
    let bot = Bot::new().await;
    let alice = bot.telegram.user("alice");
    let said = alice.says("hi");
    alice.reacts(said.message_id, "👍");
    let updates = bot.done("getUpdates", json!({"allowed_updates": ["message_reaction"]})).await;
    assert_eq!(updates.as_array().unwrap().len(), 1, "reactions come by request only");
    assert_eq!(alice.says("not wanted").update_id, None);
    alice.reacts(said.message_id, "👍");
    let offset = said.update_id.unwrap() + 1;
    let updates = bot.done("getUpdates", json!({"offset": offset})).await;
    assert_eq!(updates[0]["message_reaction"]["new_reaction"][0]["emoji"], "👍");
    let unknown = json!({"allowed_updates": ["telepathy"]});
    assert_eq!(bot.refused("getUpdates", unknown).await.0, 400);
}

/// A bot that refuses the first update and takes what follows.
#[derive(Default)]
struct Hook(Watched<Vec<(String, Value)>>);

impl App for Hook {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Reply, HangUp> {
        let (parts, body) = request.into_parts();
        let secret = parts.headers.get("x-telegram-bot-api-secret-token");
        let secret = secret.and_then(|secret| secret.to_str().ok()).unwrap_or_default().to_owned();
        let body = body.collect().await.map_err(|_| HangUp)?.to_bytes();
        let update = serde_json::from_slice(&body).unwrap();
        let n = self.0.change(|all| {
            all.push((format!("{} {secret}", parts.uri.path()), update));
            all.len()
        });
        Ok(http::reply(if n == 1 { 503 } else { 200 }, "text/plain", ""))
    }
}

#[tokio::test]
async fn a_webhook_gets_each_update_until_it_takes_it() {
    let hook = Arc::new(Hook::default());
    let server = Server::start(hook.clone(), None).await;
    let bot = Bot::with(Telegram::builder().public_address(server.address())).await;
    for (url, why) in [
        ("http://bot.example.org/hook", "An HTTPS URL must be provided for webhook"),
        (
            "https://bot.example.org:1234/hook",
            "Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
    ] {
        let (_, told) = bot.refused("setWebhook", json!({"url": url})).await;
        assert_eq!(told, format!("Bad Request: bad webhook: {why}"));
    }
    let body = json!({"url": "https://bot.example.org/hook", "secret_token": "s3cret"});
    bot.done("setWebhook", body).await;
    let (status, why) = bot.refused("getUpdates", json!({})).await;
    assert_eq!(status, 409);
    assert!(why.contains("webhook is active"), "{why}");
    bot.telegram.user("alice").says("hi");
    let posts = hook.0.until("two posts", |all| (all.len() == 2).then(|| all.clone())).await;
    assert_eq!(posts[0], posts[1]);
    assert_eq!(posts[0].0, "/hook s3cret");
    assert_eq!(posts[0].1["message"]["text"], "hi");
    let taken = async {
        while bot.telegram.posted() == 0 {
            tokio::task::yield_now().await
        }
    };
    tokio::time::timeout(Duration::from_secs(20), taken).await.unwrap();
    bot.done("deleteWebhook", json!({})).await;
    assert_eq!(bot.done("getUpdates", json!({})).await, json!([]));
}
