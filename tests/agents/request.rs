//! What a gateway asked.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

/// A request that reached the agent.
#[derive(Debug, Clone)]
pub struct AgentRequest {
    /// When it arrived.
    pub at: Instant,
    /// When its answer was complete, or its connection gone.
    pub done: Option<Instant>,
    /// How many requests were in progress with it, itself included.
    pub in_progress: usize,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as it came, which signatures are about.
    pub raw_body: Bytes,
    /// JSON body.
    pub body: Value,
}

impl AgentRequest {
    /// Text of the last message; of content in parts, the text parts joined by line feeds.
    pub fn text(&self) -> String {
        let messages = self.body["messages"].as_array();
        match messages.and_then(|all| all.last()).map(|last| &last["content"]) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => {
                let texts: Vec<&str> = parts.iter().filter_map(|p| p["text"].as_str()).collect();
                texts.join("\n")
            }
            _ => String::new(),
        }
    }

    /// Data URLs of the images in the last message.
    pub fn images(&self) -> Vec<String> {
        let messages = self.body["messages"].as_array();
        let parts = messages.and_then(|all| all.last()).and_then(|last| last["content"].as_array());
        let urls = parts.into_iter().flatten().filter_map(|p| p["image_url"]["url"].as_str());
        urls.map(str::to_owned).collect()
    }

    /// Why an OpenAI-compatible server would refuse it.
    pub(super) fn complaint(&self) -> Option<String> {
        let kind = self.headers.get("content-type").map(String::as_str).unwrap_or_default();
        if kind.split(';').next() != Some("application/json") {
            return Some(format!("content-type is {kind:?}"));
        }
        if self.body["model"].as_str().is_none_or(str::is_empty) {
            return Some("model is missing".into());
        }
        let Some(messages) = self.body["messages"].as_array().filter(|all| !all.is_empty()) else {
            return Some("messages is missing or empty".into());
        };
        for message in messages {
            let role = message["role"].as_str().unwrap_or_default();
            if !["system", "user", "assistant"].contains(&role) {
                return Some(format!("role {role:?}"));
            }
            if let Some(complaint) = content_complaint(&message["content"]) {
                return Some(complaint);
            }
        }
        if !self.body["stream"].is_boolean() {
            return Some("stream is not a boolean".into());
        }
        if !(self.body["user"].is_string() || self.body["user"].is_null()) {
            return Some("user is not a string".into());
        }
        None
    }
}

fn content_complaint(content: &Value) -> Option<String> {
    match content {
        Value::String(_) => None,
        Value::Array(parts) if !parts.is_empty() => {
            parts.iter().find_map(|part| match part["type"].as_str() {
                Some("text") if part["text"].is_string() => None,
                Some("image_url") if part["image_url"]["url"].is_string() => None,
                _ => Some(format!("content part {part}")),
            })
        }
        other => Some(format!("content {other}")),
    }
}
