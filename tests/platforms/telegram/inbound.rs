//! Updates on their way to the bot.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::formatting::{Entity, Formatted};
use super::keyboard::Press;
use super::room::{Kind, Message};
use super::said::Said;
use super::state::State;

/// The time as messages carry it.
pub(super) fn date() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Who speaks, and where.
#[derive(Debug, Clone)]
pub(super) struct From {
    pub room: i64,
    pub thread: Option<i64>,
    pub speaker: String,
}

/// A new message; `fields` are those that only its kind has.
pub(super) fn post(state: &mut State, from: &From, fields: &Value) -> Said {
    let (user, chat) = (state.user(&from.speaker), state.chat_json(from.room));
    let room = state.rooms.get_mut(&from.room).unwrap();
    let message_id = room.next_message_id();
    let mut json = json!({"message_id": message_id, "from": user, "chat": chat, "date": date()});
    if let Some(thread) = from.thread {
        json["message_thread_id"] = thread.into();
        json["is_topic_message"] = true.into();
        if room.kind == Kind::Forum && fields["reply_to_message"].is_null() {
            // In a topic, every message answers the one that opened it.
            json["reply_to_message"] = json!({
                "message_id": thread, "chat": json["chat"], "date": date(),
                "forum_topic_created": {"name": room.topics[&thread], "icon_color": 7_322_096},
            });
        }
    }
    for (name, value) in fields.as_object().unwrap() {
        json[name] = value.clone();
    }
    let message = Message { json: json.clone(), sent: None, reaction: None, deleted: false };
    room.messages.insert(message_id, message);
    let update_id = state.updates.push("message", json);
    Said { room: from.room, message_id, update_id }
}

/// A message of a user's has now another text.
pub(super) fn edit(state: &mut State, said: &Said, text: &str) {
    let fields = text_fields(text);
    let message = state.rooms.get_mut(&said.room).unwrap().messages.get_mut(&said.message_id);
    let json = &mut message.unwrap().json;
    for (name, value) in fields.as_object().unwrap() {
        json[name] = value.clone();
    }
    json["edit_date"] = date().into();
    let json = json.clone();
    state.updates.push("edited_message", json);
}

/// Someone presses the button that says `label` below a message.
pub(super) fn press(state: &mut State, from: &From, message_id: i64, label: &str) -> String {
    let id = format!("46{}", state.id());
    let user = state.user(&from.speaker);
    let message = &state.rooms[&from.room].messages[&message_id];
    let mut buttons = message.sent.as_ref().unwrap().keyboard.iter().flatten();
    let button = buttons.find(|button| button.text == label);
    let data = button.and_then(|button| button.data.clone());
    let data = data.unwrap_or_else(|| panic!("no button {label:?} below {:?}", message.sent));
    let query = json!({
        "id": id, "from": user, "message": message.json, "chat_instance": "-7", "data": data,
    });
    state.presses.insert(id.clone(), Press { answer: None });
    state.updates.push("callback_query", query);
    id
}

/// Someone's reaction to a message.
pub(super) fn react(state: &mut State, from: &From, message_id: i64, emoji: &str) {
    let (user, chat) = (state.user(&from.speaker), state.chat_json(from.room));
    let reaction = json!({
        "chat": chat, "message_id": message_id, "user": user, "date": date(),
        "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": emoji}],
    });
    state.updates.push("message_reaction", reaction);
}

/// A text with the entities that Telegram finds in it.
pub(super) fn text_fields(text: &str) -> Value {
    let entities: Vec<Entity> = found(text);
    let mut fields = json!({"text": text});
    if !entities.is_empty() {
        fields["entities"] = Formatted { text: String::new(), entities }.entities_json();
    }
    fields
}

/// Commands and mentions.
fn found(text: &str) -> Vec<Entity> {
    let mut entities = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let kind = match word.chars().next() {
            Some('/') if name.len() > 1 => "bot_command",
            Some('@') if name.len() > 1 => "mention",
            _ => "",
        };
        if !kind.is_empty() {
            entities.push(Entity {
                kind: kind.to_owned(),
                offset,
                length: name.encode_utf16().count(),
                detail: None,
            });
        }
        offset += word.encode_utf16().count();
    }
    entities
}
