//! Messages from the bot.

use std::fmt;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::state::State;
use crate::platforms::api::{Call, Refusal};

/// Largest message, in bytes of JSON.
pub const BODY_LIMIT: usize = 20_000;

/// A message that reached a chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// When it arrived.
    pub at: Instant,
    /// How it came.
    pub way: Way,
    /// What it says.
    pub item: SentItem,
}

impl Sent {
    /// The text, or what kind of thing it is.
    pub fn text(&self) -> &str {
        match &self.item {
            SentItem::Text(text) | SentItem::Markdown { text, .. } => text,
            SentItem::Image(_) => "[image]",
            SentItem::Voice(_) => "[voice]",
            SentItem::File { name, .. } => name,
        }
    }
}

/// How a message reached a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By the session webhook of a message.
    Webhook,
    /// By the robot API.
    Robot,
}

/// What a message consists of.
#[derive(Clone, PartialEq)]
pub enum SentItem {
    /// Plain text.
    Text(String),
    /// Markdown.
    Markdown {
        /// Shown in lists of chats.
        title: String,
        /// The message.
        text: String,
        /// The uploaded pictures that it shows.
        pictures: Vec<Vec<u8>>,
    },
    /// A picture.
    Image(Vec<u8>),
    /// A voice message.
    Voice(Vec<u8>),
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Its content.
        bytes: Vec<u8>,
    },
}

impl fmt::Debug for SentItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({text:?})"),
            Self::Markdown { title, text, pictures } => {
                write!(f, "Markdown({title:?}, {text:?}, {} pictures)", pictures.len())
            }
            Self::Image(bytes) => write!(f, "Image({} bytes)", bytes.len()),
            Self::Voice(bytes) => write!(f, "Voice({} bytes)", bytes.len()),
            Self::File { name, bytes } => write!(f, "File({name:?}, {} bytes)", bytes.len()),
        }
    }
}

fn bad(reason: impl Into<String>) -> Refusal {
    Refusal::new(400, "invalidParameter", reason)
}

fn text(value: &Value, name: &str) -> Result<String, Refusal> {
    let text = value[name].as_str().filter(|text| !text.trim().is_empty());
    text.map(str::to_owned).ok_or_else(|| bad(format!("{name} is missing or empty")))
}

/// A markdown message. A picture in it is the id of an upload, or a web address.
fn markdown(state: &State, value: &Value) -> Result<SentItem, Refusal> {
    let (title, text) = (text(value, "title")?, text(value, "text")?);
    let mut pictures = Vec::new();
    for after in text.split("![").skip(1) {
        let reference = after.split_once("](").and_then(|(_, rest)| rest.split_once(')'));
        let Some((reference, _)) = reference else { continue };
        match state.uploads.get(reference) {
            Some(media) => pictures.push(media.bytes.clone()),
            None if reference.starts_with("http") => {}
            None => return Err(bad(format!("nobody sees the picture {reference}"))),
        }
    }
    Ok(SentItem::Markdown { title, text, pictures })
}

/// Answers a reply by session webhook; what is refused is an HTTP 200 with `errcode`.
pub(super) fn webhook(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let refuse = |code: u64, reason: &str| Err(Refusal::new(200, code, reason));
    let Some((chat, until)) = state.webhooks.get(call.parameter("session")) else {
        return refuse(300_001, "session webhook was never given out");
    };
    if *until < Instant::now() {
        return Err(Refusal::new(200, 300_002, "session webhook has expired").excused());
    }
    if call.bytes.len() > BODY_LIMIT {
        return refuse(460_101, "message is too long");
    }
    let body = &call.body;
    let item = match body["msgtype"].as_str() {
        Some("text") => SentItem::Text(text(&body["text"], "content")?),
        Some("markdown") => markdown(state, &body["markdown"])?,
        _ => return refuse(400_105, "unsupported msgtype"),
    };
    let chat = chat.clone();
    state.chats.get_mut(&chat).unwrap().sent.push(Sent {
        at: Instant::now(),
        way: Way::Webhook,
        item,
    });
    Ok(json!({"errcode": 0, "errmsg": "ok"}))
}

/// Answers a message by the robot API.
pub(super) fn robot(state: &mut State, call: &Call, group: bool) -> Result<Value, Refusal> {
    let body = &call.body;
    if body["robotCode"] != state.settings.client_id.as_str() {
        return Err(bad("robotCode is not this bot's"));
    }
    if call.bytes.len() > BODY_LIMIT {
        return Err(bad("message is too long"));
    }
    let chat = if group {
        text(body, "openConversationId")?
    } else {
        match body["userIds"].as_array().map(Vec::as_slice) {
            Some([Value::String(user)]) => user.clone(),
            other => return Err(bad(format!("userIds {other:?}"))),
        }
    };
    if !state.chats.contains_key(&chat) || chat.starts_with("cid") != group {
        return Err(Refusal::new(400, "invalidParameter.userIds.invalid", format!("to {chat:?}")));
    }
    let param = body["msgParam"].as_str().and_then(|param| serde_json::from_str(param).ok());
    let param: Value = param.ok_or_else(|| bad("msgParam is not JSON in a string"))?;
    let media = |name: &str| -> Result<Vec<u8>, Refusal> {
        let id = text(&param, name)?;
        let media = state.uploads.get(&id).ok_or_else(|| bad(format!("unknown media {id}")))?;
        Ok(media.bytes.clone())
    };
    let item = match body["msgKey"].as_str() {
        Some("sampleText") => SentItem::Text(text(&param, "content")?),
        Some("sampleMarkdown") => markdown(state, &param)?,
        Some("sampleImageMsg") => SentItem::Image(media("photoURL")?),
        Some("sampleAudio") => {
            text(&param, "duration")?;
            SentItem::Voice(media("mediaId")?)
        }
        Some("sampleFile") => {
            text(&param, "fileType")?;
            SentItem::File { name: text(&param, "fileName")?, bytes: media("mediaId")? }
        }
        other => return Err(bad(format!("msgKey {other:?}"))),
    };
    let sent = Sent { at: Instant::now(), way: Way::Robot, item };
    state.chats.get_mut(&chat).unwrap().sent.push(sent);
    Ok(json!({"processQueryKey": format!("query-{}", state.id()), "invalidStaffIdList": []}))
}
