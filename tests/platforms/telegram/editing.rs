//! Messages of the bot's that change or go.

use serde_json::Value;
use tokio::time::Instant;

use super::formatting;
use super::keyboard;
use super::parameters::Parameters;
use super::room::{Kind, Message, Revision, Sent, SentItem};
use super::sending::{self, read_caption, read_text};
use super::server::bad_request;
use super::state::State;
use crate::platforms::api::Refusal;

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup \
                            are exactly the same as a current content and reply markup of the message";

/// The message of the bot's that a call names.
fn edited<'a>(state: &'a mut State, parameters: &Parameters) -> Result<&'a mut Message, Refusal> {
    let room = sending::room(state, parameters)?;
    let id = parameters.integer("message_id").unwrap_or_default();
    let message = room.messages.get_mut(&id);
    let message = message.ok_or_else(|| bad_request("message to edit not found"))?;
    if message.deleted {
        return Err(bad_request("message to edit not found").excused());
    }
    if message.sent.is_none() {
        return Err(bad_request("message can't be edited"));
    }
    Ok(message)
}

/// Puts `item` and the keyboard in place of what is there.
fn change(
    message: &mut Message,
    parameters: &Parameters,
    item: SentItem,
) -> Result<Value, Refusal> {
    let keyboard = keyboard::read(parameters)?;
    let sent: &mut Sent = message.sent.as_mut().unwrap();
    if sent.item == item && sent.keyboard == keyboard {
        return Err(bad_request(NOT_MODIFIED));
    }
    (sent.item, sent.keyboard) = (item, keyboard);
    let json = message.json.as_object_mut().unwrap();
    match &sent.item {
        SentItem::Text(text) => {
            json.remove("rich_message");
            json.insert("text".into(), text.text.clone().into());
            json.insert("entities".into(), text.entities_json());
        }
        SentItem::Media { caption, .. } => {
            json.insert("caption".into(), caption.text.clone().into());
            json.insert("caption_entities".into(), caption.entities_json());
        }
        _ => {
            json.remove("text");
        }
    }
    match parameters.json("reply_markup").filter(|_| !sent.keyboard.is_empty()) {
        Some(markup) => json.insert("reply_markup".into(), markup),
        None => json.remove("reply_markup"),
    };
    json.insert("edit_date".into(), super::inbound::date().into());
    sent.revisions.push(Revision { at: Instant::now(), text: sent.text() });
    Ok(message.json.clone())
}

/// Answers `editMessageText`.
pub(super) fn text(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let item = match parameters.json("rich_message") {
        Some(rich) => SentItem::Rich(formatting::rich_text(&rich).map_err(bad_request)?),
        None => SentItem::Text(read_text(parameters)?),
    };
    let message = edited(state, parameters)?;
    if !matches!(message.sent.as_ref().unwrap().item, SentItem::Text(_) | SentItem::Rich(_)) {
        return Err(bad_request("there is no text in the message to edit"));
    }
    change(message, parameters, item)
}

/// Answers `editMessageCaption`.
pub(super) fn caption(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let new = read_caption(parameters)?;
    let message = edited(state, parameters)?;
    let mut item = message.sent.as_ref().unwrap().item.clone();
    let SentItem::Media { caption, .. } = &mut item else {
        return Err(bad_request("there is no caption in the message to edit"));
    };
    *caption = new;
    change(message, parameters, item)
}

/// Answers `editMessageReplyMarkup`.
pub(super) fn markup(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let message = edited(state, parameters)?;
    let item = message.sent.as_ref().unwrap().item.clone();
    change(message, parameters, item)
}

/// Answers `deleteMessage`.
pub(super) fn delete(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let room = sending::room(state, parameters)?;
    let group = room.kind != Kind::Private;
    let id = parameters.integer("message_id").unwrap_or_default();
    let message = room.messages.get_mut(&id).filter(|message| !message.deleted);
    let message = message.ok_or_else(|| bad_request("message to delete not found"))?;
    if group && message.sent.is_none() {
        return Err(bad_request("message can't be deleted"));
    }
    message.deleted = true;
    Ok(true.into())
}
