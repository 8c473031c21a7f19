//! An agent for OCG's async mode: it accepts each message at once and calls back later.
//!
//! Crates: axum, base64, hex, hmac, reqwest, rustls, serde_json, sha2, tokio. `PORT` is where it
//! listens (0 takes a free port), `CALLBACK_SECRET` is the gateway's "callbackSecret".
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

#[derive(Clone)]
struct Agent {
    http: reqwest::Client,
    secret: String,
}

impl Agent {
    /// The agent's actual work, which may take hours.
    async fn think(&self, text: &str) -> String {
        format!("You said: {text}")
    }

    fn mac(&self, message: &[u8]) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes());
        mac.expect("HMAC takes keys of any length").chain_update(message)
    }

    /// Whether the gateway has signed this message just now, as Standard Webhooks has it.
    fn is_from_gateway(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let (id, sent) = (header("webhook-id"), header("webhook-timestamp"));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let recent = sent.parse().is_ok_and(|sent: u64| now.abs_diff(sent) <= 300);
        let signed = [format!("{id}.{sent}.").as_bytes(), body].concat();
        recent
            && header("webhook-signature").split(' ').any(|signature| {
                let digest = STANDARD.decode(signature.trim_start_matches("v1,"));
                digest.is_ok_and(|digest| self.mac(&signed).verify_slice(&digest).is_ok())
            })
    }

    async fn call_back(&self, url: String, reply: String) -> Result<(), reqwest::Error> {
        let body = json!({ "reply": reply }).to_string();
        let mut request = self.http.post(url).header("content-type", "application/json");
        if !self.secret.is_empty() {
            let digest = hex::encode(self.mac(body.as_bytes()).finalize().into_bytes());
            request = request.header("x-ocg-signature", format!("sha256={digest}"));
        }
        request.body(body).send().await?.error_for_status()?;
        Ok(())
    }
}

async fn accept(
    State(agent): State<Agent>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    let refused = |status, error: &str| (status, Json(json!({ "error": error })));
    let Some(url) = headers.get("x-ocg-callback").and_then(|url| url.to_str().ok()) else {
        return refused(StatusCode::BAD_REQUEST, "missing X-OCG-Callback");
    };
    if !agent.secret.is_empty() && !agent.is_from_gateway(&headers, &body) {
        return refused(StatusCode::UNAUTHORIZED, "not signed by the gateway");
    }
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return refused(StatusCode::BAD_REQUEST, "not JSON");
    };
    let last = request["messages"].as_array().and_then(|messages| messages.last());
    let text = last.and_then(|last| last["content"].as_str()).unwrap_or_default().to_owned();
    let url = url.to_owned();
    tokio::spawn(async move {
        let reply = agent.think(&text).await;
        if let Err(error) = agent.call_back(url, reply).await {
            eprintln!("callback failed: {}", error.without_url());
        }
    });
    (StatusCode::ACCEPTED, Json(json!({ "status": "accepted" })))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // Only for a reqwest that was built without a cryptography of its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let agent = Agent {
        http: reqwest::Client::new(),
        secret: env::var("CALLBACK_SECRET").unwrap_or_default(),
    };
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned()).parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on {}", listener.local_addr()?.port());
    let app = Router::new().route("/v1/chat/completions", post(accept)).with_state(agent);
    Ok(axum::serve(listener, app).await?)
}
