//! A minimal bot: the protocol from the other side. It shows that the fake serves what it demands,
//! and measures how fast the fake alone can go.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// Messages and the cursor after them.
#[derive(Debug, Clone)]
pub struct Update {
    /// Messages, as the API gives them.
    pub messages: Vec<Value>,
    /// Cursor for the next poll.
    pub cursor: String,
}

/// A client of the API.
#[derive(Debug, Clone)]
pub struct Bot {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Bot {
    /// A bot that talks to `base` with `token`.
    pub fn new(base: &str, token: &str) -> Self {
        // Fails only when another bot of this process installed the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60));
        Self { http: http.build().unwrap(), base: base.to_owned(), token: token.to_owned() }
    }

    /// A call with everything the platform demands, for the path `path`; `body` gets `base_info`.
    pub fn request(&self, path: &str, mut body: Value) -> RequestBuilder {
        if let Some(body) = body.as_object_mut() {
            body.entry("base_info")
                .or_insert_with(|| json!({"channel_version": "1.0.0", "bot_agent": "OpenClaw"}));
        }
        self.http
            .post(format!("{}{path}", self.base))
            .header("iLink-App-Id", "bot")
            .header("iLink-App-ClientVersion", "65536")
            .header("AuthorizationType", "ilink_bot_token")
            .header("X-WECHAT-UIN", BASE64_STANDARD.encode("3141592653"))
            .bearer_auth(&self.token)
            .json(&body)
    }

    /// Makes a call that must succeed on the HTTP level; returns the body.
    pub async fn call(&self, path: &str, body: Value) -> Value {
        let answer = self.request(path, body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Polls once.
    pub async fn poll(&self, cursor: &str) -> Update {
        let answer = self.call("/ilink/bot/getupdates", json!({"get_updates_buf": cursor})).await;
        Update {
            messages: answer["msgs"].as_array().cloned().unwrap_or_default(),
            cursor: answer["get_updates_buf"].as_str().unwrap_or_default().to_owned(),
        }
    }

    /// Answers `message` with one item.
    pub async fn send(&self, message: &Value, client_id: &str, item: Value) -> Value {
        self.call(
            "/ilink/bot/sendmessage",
            json!({"msg": {
                "from_user_id": "",
                "to_user_id": message["from_user_id"],
                "client_id": client_id,
                "message_type": 2,
                "message_state": 2,
                "context_token": message["context_token"],
                "item_list": [item],
            }}),
        )
        .await
    }

    /// Answers `message` with a text.
    pub async fn send_text(&self, message: &Value, client_id: &str, text: &str) -> Value {
        self.send(message, client_id, json!({"type": 1, "text_item": {"text": text}})).await
    }
}
