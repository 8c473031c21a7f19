//! Chats as such: what they are, who is in them, pinned messages, and a forum's topics.

use serde_json::{Value, json};

use super::parameters::Parameters;
use super::room::Kind;
use super::sending;
use super::server::bad_request;
use super::state::State;
use crate::platforms::api::Refusal;

/// Answers `getChat`.
pub(super) fn chat(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let id = sending::room(state, parameters)?.id;
    let mut chat = state.chat_json(id);
    chat["accent_color_id"] = 0.into();
    chat["max_reaction_count"] = 11.into();
    Ok(chat)
}

/// Answers `getChatMember`.
pub(super) fn member(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    sending::room(state, parameters)?;
    let id = parameters.integer("user_id").unwrap_or_default();
    if id == state.settings.bot_id {
        return Ok(json!({"status": "administrator", "user": state.settings.bot()}));
    }
    let known = state.people.iter().find(|(_, known)| **known == id);
    let name = known.map(|(name, _)| name.clone());
    let name = name.ok_or_else(|| bad_request("user not found"))?;
    Ok(json!({"status": "member", "user": state.user(&name)}))
}

/// Answers `pinChatMessage` and `unpinChatMessage`.
pub(super) fn pin(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let room = sending::room(state, parameters)?;
    let id = parameters.integer("message_id").unwrap_or_default();
    if room.message(id).is_none() {
        return Err(bad_request("message to pin not found"));
    }
    match room.pinned.iter().position(|pinned| *pinned == id) {
        Some(n) => drop(room.pinned.remove(n)),
        None => room.pinned.push(id),
    }
    Ok(true.into())
}

fn topic_name(parameters: &Parameters) -> Result<String, Refusal> {
    let name = parameters.text("name").unwrap_or_default();
    if !(1..=128).contains(&name.chars().count()) {
        return Err(bad_request("TOPIC_TITLE_EMPTY"));
    }
    Ok(name)
}

/// Answers `createForumTopic`.
pub(super) fn create_topic(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let name = topic_name(parameters)?;
    let room = sending::room(state, parameters)?;
    if room.kind != Kind::Forum {
        return Err(bad_request("the chat is not a forum"));
    }
    let id = room.next_message_id();
    room.topics.insert(id, name.clone());
    Ok(json!({"message_thread_id": id, "name": name, "icon_color": 7_322_096}))
}

/// Answers `editForumTopic`.
pub(super) fn edit_topic(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let name = topic_name(parameters)?;
    let room = sending::room(state, parameters)?;
    let thread = parameters.integer("message_thread_id").unwrap_or_default();
    let topic = room.topics.get_mut(&thread);
    *topic.ok_or_else(|| bad_request("message thread not found"))? = name;
    Ok(true.into())
}
