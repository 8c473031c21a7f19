//! Messages from the bot.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::formatting::{self, Formatted};
use super::inbound::From;
use super::keyboard;
use super::media;
use super::parameters::Parameters;
use super::room::{Action, Kind, Message, Revision, Room, Sent, SentItem};
use super::server::bad_request;
use super::state::State;
use crate::platforms::api::Refusal;

/// Longest text in one message, in UTF-16 units, without formatting.
pub(super) const TEXT_LIMIT: usize = 4096;
/// Longest text below a file.
const CAPTION_LIMIT: usize = 1024;
/// The thread of a forum's general topic. It is named for chat actions only.
const GENERAL: i64 = 1;

const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

/// The chat that a call names.
pub(super) fn room<'a>(
    state: &'a mut State,
    parameters: &Parameters,
) -> Result<&'a mut Room, Refusal> {
    if parameters.text("chat_id").is_none_or(|id| id.is_empty()) {
        return Err(bad_request("chat_id is empty"));
    }
    let id = parameters.integer("chat_id").unwrap_or_default();
    let room = state.rooms.get_mut(&id).ok_or_else(|| bad_request("chat not found"))?;
    if room.blocked {
        return Err(Refusal::new(403, 403, "Forbidden: bot was blocked by the user").excused());
    }
    Ok(room)
}

/// Where a message shall stand.
struct Place {
    room: i64,
    thread: Option<i64>,
    replies_to: Option<i64>,
}

fn place(state: &mut State, parameters: &Parameters) -> Result<Place, Refusal> {
    let room = room(state, parameters)?;
    let replies_to = answered(room, parameters)?;
    let mut thread = parameters.integer("message_thread_id");
    if thread.is_some_and(|thread| !room.topics.contains_key(&thread)) {
        return Err(bad_request("message thread not found"));
    }
    if thread.is_none() {
        // An answer stands where the question stands.
        let message = replies_to.and_then(|id| room.messages.get(&id));
        thread = message.and_then(|message| message.json["message_thread_id"].as_i64());
    }
    Ok(Place { room: room.id, thread, replies_to })
}

/// The message that a call answers.
fn answered(room: &Room, parameters: &Parameters) -> Result<Option<i64>, Refusal> {
    let reply = parameters.json("reply_parameters");
    let id = match &reply {
        Some(reply) => reply["message_id"].as_i64(),
        None => parameters.integer("reply_to_message_id"),
    };
    let Some(id) = id else { return Ok(None) };
    let lenient = reply.as_ref().is_some_and(|r| r["allow_sending_without_reply"] == true);
    let Some(message) = room.message(id) else {
        let refusal = bad_request("message to be replied not found");
        // A message that was there may have been deleted since.
        let refusal = if room.messages.contains_key(&id) { refusal.excused() } else { refusal };
        return if lenient { Ok(None) } else { Err(refusal) };
    };
    if let Some(quote) = reply.as_ref().and_then(|reply| reply["quote"].as_str()) {
        let text = message.json["text"].as_str().or(message.json["caption"].as_str());
        if !text.unwrap_or_default().contains(quote) {
            return Err(bad_request("QUOTE_TEXT_INVALID"));
        }
    }
    Ok(Some(id))
}

/// Puts a message into a chat; `fields` are those that only its kind has.
fn show(
    state: &mut State,
    parameters: &Parameters,
    item: SentItem,
    fields: Value,
) -> Result<Value, Refusal> {
    let place = place(state, parameters)?;
    let keyboard = keyboard::read(parameters)?;
    let (bot, chat) = (state.settings.bot(), state.chat_json(place.room));
    let room = state.rooms.get_mut(&place.room).unwrap();
    let message_id = room.next_message_id();
    let mut json = json!({
        "message_id": message_id, "from": bot, "chat": chat, "date": super::inbound::date(),
    });
    if let Some(thread) = place.thread {
        json["message_thread_id"] = thread.into();
        json["is_topic_message"] = true.into();
    }
    if let Some(answered) = place.replies_to.and_then(|id| room.messages.get(&id)) {
        json["reply_to_message"] = answered.json.clone();
        json["reply_to_message"].as_object_mut().unwrap().remove("reply_to_message");
    }
    if let Some(markup) = parameters.json("reply_markup").filter(|_| !keyboard.is_empty()) {
        json["reply_markup"] = markup;
    }
    for (name, value) in fields.as_object().unwrap() {
        json[name] = value.clone();
    }
    let mut sent = Sent {
        at: Instant::now(),
        message_id,
        thread: place.thread,
        replies_to: place.replies_to,
        item,
        keyboard,
        revisions: Vec::new(),
    };
    sent.revisions.push(Revision { at: sent.at, text: sent.text() });
    let message = Message { json: json.clone(), sent: Some(sent), reaction: None, deleted: false };
    room.messages.insert(message_id, message);
    Ok(json)
}

/// The text of a message, new or edited.
pub(super) fn read_text(parameters: &Parameters) -> Result<Formatted, Refusal> {
    let text = formatting::read(parameters, "text", "parse_mode", "entities")?;
    if text.text.is_empty() {
        return Err(bad_request("message text is empty"));
    }
    if text.units() > TEXT_LIMIT {
        return Err(bad_request("message is too long"));
    }
    Ok(text)
}

/// The text below a file, new or edited.
pub(super) fn read_caption(parameters: &Parameters) -> Result<Formatted, Refusal> {
    let caption = formatting::read(parameters, "caption", "parse_mode", "caption_entities")?;
    if caption.units() > CAPTION_LIMIT {
        return Err(bad_request("message caption is too long"));
    }
    Ok(caption)
}

/// Answers `sendMessage`.
pub(super) fn message(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let text = read_text(parameters)?;
    let fields = json!({"text": text.text, "entities": text.entities_json()});
    show(state, parameters, SentItem::Text(text), fields)
}

/// Answers `sendRichMessage`.
pub(super) fn rich_message(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let rich = parameters.json("rich_message").unwrap_or_default();
    let text = formatting::rich_text(&rich).map_err(bad_request)?;
    show(state, parameters, SentItem::Rich(text), json!({"rich_message": rich}))
}

/// Answers the calls that send a file of one `kind`.
pub(super) fn file(
    state: &mut State,
    parameters: &Parameters,
    kind: &'static str,
) -> Result<Value, Refusal> {
    let caption = read_caption(parameters)?;
    let given = parameters.file(kind);
    let stored = media::store(state, kind, given)?;
    let mut fields = media::describe(state, kind, &stored);
    if !caption.text.is_empty() {
        fields["caption"] = caption.text.clone().into();
        fields["caption_entities"] = caption.entities_json();
    }
    let file = &state.files[&stored];
    let (name, bytes) = (file.name.clone(), file.bytes.clone());
    show(state, parameters, SentItem::Media { kind, name, bytes, caption }, fields)
}

/// Answers `sendMediaGroup`.
pub(super) fn album(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let media = parameters.json("media").unwrap_or_default();
    let media = media.as_array().filter(|all| (2..=10).contains(&all.len()));
    let media = media.ok_or_else(|| bad_request("media must have 2 to 10 items"))?;
    let group = state.id().to_string();
    let mut shown = Vec::new();
    for one in media {
        let kind = match one["type"].as_str() {
            Some("photo") => "photo",
            Some("video") => "video",
            Some("audio") => "audio",
            Some("document") => "document",
            _ => return Err(bad_request("can't parse InputMedia: unknown type")),
        };
        let caption = Formatted::plain(one["caption"].as_str().unwrap_or_default());
        let given = parameters.attached(one["media"].as_str().unwrap_or_default());
        let stored = media::store(state, kind, given)?;
        let mut fields = media::describe(state, kind, &stored);
        fields["media_group_id"] = group.clone().into();
        let file = &state.files[&stored];
        let (name, bytes) = (file.name.clone(), file.bytes.clone());
        let item = SentItem::Media { kind, name, bytes, caption };
        shown.push(show(state, parameters, item, fields)?);
    }
    Ok(shown.into())
}

/// Answers `sendLocation` and `sendVenue`.
pub(super) fn location(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let degrees = |name: &str, most: f64| {
        let valid = parameters.number(name).filter(|degrees| degrees.abs() <= most);
        valid.ok_or_else(|| bad_request(format!("{name} is invalid")))
    };
    let (latitude, longitude) = (degrees("latitude", 90.0)?, degrees("longitude", 180.0)?);
    let title = parameters.text("title");
    let mut fields = json!({"location": {"latitude": latitude, "longitude": longitude}});
    if let Some(title) = &title {
        let location = fields["location"].clone();
        fields["venue"] =
            json!({"location": location, "title": title, "address": parameters.text("address")});
    }
    show(state, parameters, SentItem::Location { latitude, longitude, title }, fields)
}

/// Answers `sendPoll`.
pub(super) fn question(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let question = parameters.text("question").unwrap_or_default();
    let options = parameters.json("options").unwrap_or_default();
    let options: Vec<String> = options
        .as_array()
        .into_iter()
        .flatten()
        .map(|option| option["text"].as_str().unwrap_or_default().to_owned())
        .collect();
    if question.is_empty() || !(1..=12).contains(&options.len()) {
        return Err(bad_request("a poll needs a question and 1 to 12 options"));
    }
    let fields = json!({"poll": {"id": "1", "question": question, "options": []}});
    show(state, parameters, SentItem::Poll { question, options }, fields)
}

/// Answers `sendChatAction`.
pub(super) fn action(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let action = parameters.text("action").unwrap_or_default();
    if !ACTIONS.contains(&action.as_str()) {
        return Err(bad_request("wrong parameter action in request"));
    }
    let room = room(state, parameters)?;
    let thread = parameters.integer("message_thread_id");
    let general = thread == Some(GENERAL) && room.kind == Kind::Forum;
    if thread.is_some_and(|thread| !general && !room.topics.contains_key(&thread)) {
        return Err(bad_request("message thread not found"));
    }
    room.actions.push(Action { at: Instant::now(), thread, action });
    Ok(true.into())
}

/// Shows a message with buttons, in one row, as if a call had sent it.
pub(super) fn show_buttons(
    state: &mut State,
    from: &From,
    text: &str,
    buttons: &[(&str, &str)],
) -> i64 {
    let row: Vec<Value> =
        buttons.iter().map(|(text, data)| json!({"text": text, "callback_data": data})).collect();
    let call = json!({
        "chat_id": from.room, "message_thread_id": from.thread, "text": text,
        "reply_markup": {"inline_keyboard": [row]},
    });
    let shown = message(state, &Parameters::of(&call)).unwrap();
    shown["message_id"].as_i64().unwrap()
}
