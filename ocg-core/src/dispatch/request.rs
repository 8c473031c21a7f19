//! The request body: a message as a chat completion.

use bytes::Bytes;
use serde::Serialize;

use super::attachment::{self, Part};
use super::{AgentSettings, DispatchRequest};
use crate::message::InboundMessage;

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    stream: bool,
    user: String,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Content<'a>,
}

/// Plain text unless there is media: not every agent understands parts.
#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(&'a str),
    Parts(Vec<Part>),
}

/// The JSON body that asks the agent to answer `request`, as a stream or at once.
pub(super) async fn body(request: &DispatchRequest, stream: bool) -> serde_json::Result<Bytes> {
    let DispatchRequest { message, agent, history, .. } = request;
    let text = asked(message);
    let mut messages = Vec::with_capacity(2 * history.len() + 2);
    if let Some(prompt) = &agent.system_prompt {
        messages.push(Message { role: "system", content: Content::Text(prompt) });
    }
    for turn in history {
        messages.push(Message { role: "user", content: Content::Text(&turn.user) });
        messages.push(Message { role: "assistant", content: Content::Text(&turn.assistant) });
    }
    let content = content(message, agent, &text).await;
    messages.push(Message { role: "user", content });
    let user = format!("{}:{}", message.origin.channel, message.session_key);
    let body = Body { model: &agent.model, messages, stream, user };
    serde_json::to_vec(&body).map(Bytes::from)
}

async fn content<'a>(
    message: &InboundMessage,
    agent: &AgentSettings,
    text: &'a str,
) -> Content<'a> {
    if message.media.is_empty() || !agent.media {
        return Content::Text(text);
    }
    let mut parts = Vec::new();
    if !text.is_empty() {
        parts.push(Part::Text { text: text.to_owned() });
    }
    parts.extend(attachment::parts(&message.media).await);
    Content::Parts(parts)
}

/// What the agent is asked: the quoted message as Markdown quote lines, then the text.
fn asked(message: &InboundMessage) -> String {
    let Some(quote) = message.quote.as_ref().filter(|quote| !quote.text.trim().is_empty()) else {
        return message.text.clone();
    };
    let mut text = String::new();
    if let Some(sender) = &quote.sender {
        text.push_str(&format!("> {}:\n", sender.replace(['\n', '\r'], " ")));
    }
    for line in quote.text.trim_end().lines() {
        text.push_str("> ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&message.text);
    text
}
