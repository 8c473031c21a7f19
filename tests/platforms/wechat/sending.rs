//! Messages from the bot to a user.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::media;
use super::rules::{Refusal, forbidden, malformed, text};
use super::state::State;

/// Longest text in one message, in UTF-16 units. The protocol documents none; bots cut at this
/// length.
pub const TEXT_LIMIT: usize = 4000;

/// A message that reached a user.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// When it arrived.
    pub at: Instant,
    /// The platform's id, by which users quote it.
    pub message_id: u64,
    /// The bot's id.
    pub client_id: String,
    /// Which turn it belongs to, by the bot's account.
    pub run_id: Option<String>,
    /// What it says.
    pub item: SentItem,
}

impl Sent {
    /// The text, or what kind of thing it is.
    pub fn text(&self) -> &str {
        match &self.item {
            SentItem::Text(text) => text,
            SentItem::Image(_) => "[image]",
            SentItem::Video(_) => "[video]",
            SentItem::File { name, .. } => name,
            SentItem::Progress(_) => "[progress]",
        }
    }
}

/// What a message consists of; media is decrypted.
#[derive(Clone, PartialEq)]
pub enum SentItem {
    /// Text.
    Text(String),
    /// A picture.
    Image(Vec<u8>),
    /// A video.
    Video(Vec<u8>),
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// A tool's start or result.
    Progress(Value),
}

impl fmt::Debug for SentItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({text:?})"),
            Self::Image(bytes) => write!(f, "Image({} bytes)", bytes.len()),
            Self::Video(bytes) => write!(f, "Video({} bytes)", bytes.len()),
            Self::File { name, bytes } => write!(f, "File({name:?}, {} bytes)", bytes.len()),
            Self::Progress(item) => write!(f, "Progress({item})"),
        }
    }
}

/// Answers `sendmessage`.
pub(super) fn send_message(state: &mut State, body: &Value) -> Result<Value, Refusal> {
    let message = &body["msg"];
    let to = text(message, "to_user_id")?;
    let client_id = text(message, "client_id")?;
    if message["message_type"] != 2 || message["message_state"] != 2 {
        return Err(malformed("message_type and message_state are not BOT and FINISH"));
    }
    if !matches!(message["from_user_id"].as_str(), Some("")) {
        return Err(malformed("from_user_id is not empty"));
    }
    let [item] = message["item_list"].as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err(malformed(format!("not one item for {to}: {}", message["item_list"])));
    };
    let token = message["context_token"].as_str().unwrap_or_default();
    let account =
        state.users.get(to).ok_or_else(|| forbidden(format!("message to unknown {to:?}")))?;
    if !account.context_tokens.contains(token) {
        return Err(forbidden(format!("message to {to} with a missing or stale context_token")));
    }
    if client_id.is_empty() || state.client_ids.contains(client_id) {
        return Err(forbidden(format!("client_id {client_id:?} used before")));
    }
    let item = read_item(state, item)?;
    state.client_ids.insert(client_id.to_owned());
    let message_id = state.id();
    let sent = Sent {
        at: Instant::now(),
        message_id,
        client_id: client_id.to_owned(),
        run_id: message["run_id"].as_str().map(str::to_owned),
        item,
    };
    state.users.get_mut(to).unwrap().sent.push(sent);
    Ok(json!({"ret": 0, "message_id": message_id}))
}

fn read_item(state: &State, item: &Value) -> Result<SentItem, Refusal> {
    match item["type"].as_u64() {
        Some(1) => {
            let text = text(&item["text_item"], "text")?;
            let units = text.encode_utf16().count();
            if units == 0 || units > TEXT_LIMIT {
                return Err(forbidden(format!("a text of {units} UTF-16 units")));
            }
            Ok(SentItem::Text(text.to_owned()))
        }
        Some(2) => Ok(SentItem::Image(read_media(state, &item["image_item"], 1, "mid_size")?)),
        Some(4) => {
            let file = &item["file_item"];
            let bytes = read_media(state, file, 3, "")?;
            if file["len"].as_str() != Some(bytes.len().to_string().as_str()) {
                return Err(malformed(format!(
                    "file len {} of {} bytes",
                    file["len"],
                    bytes.len()
                )));
            }
            Ok(SentItem::File { name: text(file, "file_name")?.to_owned(), bytes })
        }
        Some(5) => Ok(SentItem::Video(read_media(state, &item["video_item"], 2, "video_size")?)),
        Some(11 | 12) => Ok(SentItem::Progress(item.clone())),
        _ => Err(malformed(format!("item type {}", item["type"]))),
    }
}

/// The plaintext behind an item's `media`; `size` names the item's field with the ciphertext size.
fn read_media(
    state: &State,
    item: &Value,
    media_type: u64,
    size: &str,
) -> Result<Vec<u8>, Refusal> {
    let reference = &item["media"];
    let blob = state
        .blobs
        .get(text(reference, "encrypt_query_param")?)
        .ok_or_else(|| forbidden("media that was never uploaded"))?;
    if blob.media_type != media_type {
        return Err(forbidden("media of another type than was announced"));
    }
    if !size.is_empty() && item[size].as_u64() != Some(blob.ciphertext.len() as u64) {
        return Err(malformed(format!("{size} is {}", item[size])));
    }
    let encoded = text(reference, "aes_key")?;
    let hexadecimal = BASE64_STANDARD.decode(encoded).ok().and_then(|b| String::from_utf8(b).ok());
    if media::key(&hexadecimal.unwrap_or_default())? != blob.key {
        return Err(forbidden("aes_key is not the key of the upload"));
    }
    blob.open()
}
