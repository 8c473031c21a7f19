//! The JSON of messages on their way to the bot.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::media::{self, Blob};
use super::state::{Letter, State};
use super::user::{Quoted, Said};

/// Puts a message of `user` with one `item` into the bot's mailbox.
pub(super) fn post(state: &mut State, user: &str, item: Value) -> Said {
    let id = state.id();
    let token = format!("ctx-{user}-{id}");
    let now = now_ms();
    let message = json!({
        "seq": state.mailbox.len() + 1,
        "message_id": id,
        "from_user_id": user,
        "to_user_id": state.settings.bot_id,
        "client_id": format!("client-{id}"),
        "create_time_ms": now,
        "update_time_ms": now,
        "session_id": format!("{user}#{}", state.settings.bot_id),
        "message_type": 1,
        "message_state": 2,
        "item_list": [item],
        "context_token": token,
    });
    let account = state.users.get_mut(user).expect("users are created by WeChat::user");
    account.context_tokens.insert(token);
    state.mailbox.push(Letter { id, json: message, handed_out: None });
    Said { message_id: id }
}

/// Puts a message into the mailbox once more, as the platform does when in doubt.
pub(super) fn post_again(state: &mut State, id: u64) {
    let letter =
        state.mailbox.iter().find(|letter| letter.id == id).expect("a message that was said");
    let again = Letter { id, json: letter.json.clone(), handed_out: None };
    state.mailbox.push(again);
}

pub(super) fn text(text: &str) -> Value {
    json!({"type": 1, "text_item": {"text": text}})
}

pub(super) fn quote(state: &State, quoted: &Quoted, text_of_reply: &str) -> Value {
    let reference = match quoted {
        Quoted::Id(id) => json!({"svr_id": id}),
        Quoted::Inline { id, text: quoted_text } => {
            let mut item = text(quoted_text);
            item["msg_id"] = (*id).into();
            json!({"svr_id": id, "message_item": item})
        }
        Quoted::Message(id) => {
            let letter = state.mailbox.iter().find(|letter| letter.id == *id);
            let item = letter.expect("a message that was said").json["item_list"][0].clone();
            json!({"svr_id": id, "message_item": item})
        }
    };
    let mut item = text(text_of_reply);
    item["ref_msg"] = reference;
    item
}

pub(super) fn image(state: &mut State, bytes: &[u8]) -> Value {
    let blob = Blob::seal(bytes, 1, state.next_id);
    let (size, key) = (blob.ciphertext.len(), hex::encode(blob.key));
    let media = media::publish(state, blob, false);
    json!({"type": 2, "image_item": {"media": media, "aeskey": key, "mid_size": size}})
}

pub(super) fn file(state: &mut State, name: &str, bytes: &[u8]) -> Value {
    let blob = Blob::seal(bytes, 3, state.next_id);
    let media = media::publish(state, blob, true);
    json!({"type": 4, "file_item": {"media": media, "file_name": name, "len": bytes.len().to_string()}})
}

pub(super) fn video(state: &mut State, bytes: &[u8]) -> Value {
    let blob = Blob::seal(bytes, 2, state.next_id);
    let size = blob.ciphertext.len();
    let media = media::publish(state, blob, true);
    json!({"type": 5, "video_item": {"media": media, "video_size": size}})
}

pub(super) fn voice(state: &mut State, silk: &[u8], transcript: Option<&str>) -> Value {
    let blob = Blob::seal(silk, 4, state.next_id);
    let media = media::publish(state, blob, true);
    let mut voice =
        json!({"media": media, "encode_type": 6, "sample_rate": 24_000, "playtime": 1200});
    if let Some(transcript) = transcript {
        voice["text"] = transcript.into();
    }
    json!({"type": 3, "voice_item": voice})
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    since.as_millis().try_into().expect("milliseconds fit 64 bits")
}
