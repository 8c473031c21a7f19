//! Messages from the bot.

use std::fmt;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::state::State;
use crate::platforms::api::{Call, Refusal};

/// Longest text in one message, in UTF-16 units. The documentation names none; bots cut here.
pub const TEXT_LIMIT: usize = 5000;
/// How often one message of a user may be answered; showing typing counts as an answer.
pub const REPLIES_PER_MESSAGE: usize = 5;
/// Messages to one chat, in a month, that answer none.
pub const MESSAGES_BY_ITSELF: usize = 4;

/// A message that reached a chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// When it arrived.
    pub at: Instant,
    /// The message that it answers; none if the bot spoke by itself.
    pub answers: Option<String>,
    /// What it says.
    pub item: SentItem,
}

impl Sent {
    /// The text, or what kind of thing it is.
    pub fn text(&self) -> &str {
        match &self.item {
            SentItem::Text(text) | SentItem::Markdown(text) => text,
            SentItem::Media { file_type: 1, .. } => "[image]",
            SentItem::Media { .. } => "[media]",
        }
    }
}

/// What a message consists of.
#[derive(Clone, PartialEq)]
pub enum SentItem {
    /// Plain text.
    Text(String),
    /// Markdown.
    Markdown(String),
    /// Something uploaded before.
    Media {
        /// 1 image, 2 video, 3 voice, 4 file.
        file_type: u64,
        /// Content.
        bytes: Vec<u8>,
        /// Name, of a file.
        name: Option<String>,
    },
}

impl fmt::Debug for SentItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({text:?})"),
            Self::Markdown(text) => write!(f, "Markdown({text:?})"),
            Self::Media { file_type, bytes, name } => {
                write!(f, "Media(type {file_type}, {} bytes, {name:?})", bytes.len())
            }
        }
    }
}

/// Answers a message to `place`.
pub(super) fn send(state: &mut State, place: &str, call: &Call) -> Result<Value, Refusal> {
    let body = &call.body;
    if call.header("content-type") != "application/json" {
        return Err(Refusal::new(400, 11253, "content-type is not application/json"));
    }
    let unknown = body
        .as_object()
        .and_then(|fields| fields.keys().find(|name| !FIELDS.contains(&name.as_str())).cloned());
    if let Some(unknown) = unknown {
        return Err(Refusal::new(400, 11253, format!("unknown field {unknown}")));
    }
    if !state.chats.contains_key(place) {
        return Err(Refusal::new(400, 11255, format!("message to unknown {place:?}")));
    }
    let typing = body["msg_type"] == 6;
    let item = if typing { None } else { Some(read(state, place, body)?) };
    let answers = passive(state, place, body)?;
    let quota = state.settings.messages_by_itself;
    let chat = state.chats.get_mut(place).unwrap();
    if answers.is_none() && !typing {
        let by_itself = chat.sent.iter().filter(|sent| sent.answers.is_none()).count();
        if by_itself == quota {
            return Err(
                Refusal::new(400, 40034102, "no right to send messages by itself").excused()
            );
        }
    }
    match item {
        None => chat.typing.push(Instant::now()),
        Some(item) => chat.sent.push(Sent { at: Instant::now(), answers, item }),
    }
    let id = state.id();
    Ok(json!({
        "id": format!("ROBOT1.0_{id}"),
        "timestamp": "2026-01-01T00:00:00+08:00",
        "ext_info": {"ref_idx": format!("REFIDX_{id}")},
    }))
}

const FIELDS: [&str; 12] = [
    "content",
    "msg_type",
    "markdown",
    "keyboard",
    "ark",
    "media",
    "message_reference",
    "event_id",
    "msg_id",
    "msg_seq",
    "input_notify",
    "embed",
];

fn read(state: &State, place: &str, body: &Value) -> Result<SentItem, Refusal> {
    let text = |value: &Value| -> Result<String, Refusal> {
        let text = value.as_str().unwrap_or_default();
        let units = text.encode_utf16().count();
        if text.trim().is_empty() {
            return Err(Refusal::new(400, 50006, "an empty message"));
        }
        if units > TEXT_LIMIT {
            return Err(Refusal::new(400, 40034, format!("a text of {units} UTF-16 units")));
        }
        Ok(text.to_owned())
    };
    // Messages to channels carry no type.
    let kind = if place.starts_with("channels/") { Some(0) } else { body["msg_type"].as_u64() };
    match kind {
        Some(0) => Ok(SentItem::Text(text(&body["content"])?)),
        Some(2) => Ok(SentItem::Markdown(text(&body["markdown"]["content"])?)),
        Some(7) => {
            let info = body["media"]["file_info"].as_str().unwrap_or_default();
            let upload =
                state.uploads.get(info).filter(|upload| upload.place == place).ok_or_else(
                    || Refusal::new(400, 850012, "file_info was not given for this chat"),
                )?;
            Ok(SentItem::Media {
                file_type: upload.file_type,
                bytes: upload.bytes.clone(),
                name: upload.name.clone(),
            })
        }
        _ => Err(Refusal::new(400, 11253, format!("msg_type {}", body["msg_type"]))),
    }
}

/// Counts an answer to a user's message; the message answered, if any.
fn passive(state: &mut State, place: &str, body: &Value) -> Result<Option<String>, Refusal> {
    let Some(id) = body["msg_id"].as_str() else { return Ok(None) };
    let window = state.settings.reply_window;
    let letter = state
        .messages
        .get_mut(id)
        .filter(|letter| letter.place == place)
        .ok_or_else(|| Refusal::new(400, 40034024, "msg_id is of no message in this chat"))?;
    if letter.at.elapsed() > window {
        return Err(Refusal::new(400, 40034025, "too late to answer this msg_id").excused());
    }
    let sequence = body["msg_seq"].as_u64().unwrap_or(1);
    if !place.starts_with("channels/") && !letter.sequences.insert(sequence) {
        return Err(Refusal::new(400, 40054005, format!("msg_seq {sequence} was used for {id}")));
    }
    if letter.answers == REPLIES_PER_MESSAGE {
        // The platform says so with an HTTP 500. Bots cannot know what else they have sent.
        return Err(Refusal::new(500, 22009, "msg limit exceed").excused());
    }
    letter.answers += 1;
    Ok(Some(id.to_owned()))
}
