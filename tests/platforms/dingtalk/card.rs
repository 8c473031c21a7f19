//! AI cards: created empty in a chat, then filled by updates of their whole text.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::state::State;
use crate::platforms::api::{Call, Refusal};

/// A card that a chat shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Card {
    /// Where it is.
    pub chat: String,
    /// Its variables as they are now.
    pub variables: BTreeMap<String, String>,
    /// How often its text was streamed.
    pub updates: usize,
    /// No more text may follow.
    pub finished: bool,
}

fn bad(reason: impl Into<String>) -> Refusal {
    Refusal::new(400, "invalidParameter", reason)
}

fn track(body: &Value) -> Result<String, Refusal> {
    let track = body["outTrackId"].as_str().filter(|track| !track.is_empty());
    track.map(str::to_owned).ok_or_else(|| bad("outTrackId is missing"))
}

fn variables(body: &Value) -> Result<BTreeMap<String, String>, Refusal> {
    let map = body["cardData"]["cardParamMap"].as_object();
    let map = map.ok_or_else(|| bad("cardParamMap is missing"))?;
    let string = |(name, value): (&String, &Value)| {
        let value = value.as_str().ok_or_else(|| bad(format!("{name} is not a string")))?;
        Ok((name.clone(), value.to_owned()))
    };
    map.iter().map(string).collect()
}

/// Answers `createAndDeliver`.
pub(super) fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let body = &call.body;
    let track = track(body)?;
    if state.cards.contains_key(&track) {
        return Err(bad("outTrackId was used before"));
    }
    if body["cardTemplateId"].as_str().is_none_or(str::is_empty) {
        return Err(bad("cardTemplateId is missing"));
    }
    let space = body["openSpaceId"].as_str().unwrap_or_default();
    let (chat, model) = if let Some(chat) = space.strip_prefix("dtv1.card//IM_GROUP.") {
        (chat, &body["imGroupOpenDeliverModel"])
    } else if let Some(chat) = space.strip_prefix("dtv1.card//IM_ROBOT.") {
        (chat, &body["imRobotOpenDeliverModel"])
    } else {
        return Err(bad(format!("openSpaceId {space:?}")));
    };
    if model["robotCode"] != state.settings.client_id.as_str() {
        return Err(bad("robotCode is not this bot's"));
    }
    if !state.chats.contains_key(chat) {
        return Err(bad(format!("card for unknown {chat:?}")));
    }
    let card = Card { chat: chat.to_owned(), variables: variables(body)?, ..Card::default() };
    let space = json!([{"spaceId": chat, "spaceType": "IM", "success": true}]);
    state.cards.insert(track.clone(), card);
    Ok(json!({"success": true, "result": {"outTrackId": track, "deliverResults": space}}))
}

/// Answers `streaming`.
pub(super) fn stream(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let body = &call.body;
    let card = state.cards.get_mut(&track(body)?).ok_or_else(|| bad("no such card"))?;
    if card.finished {
        return Err(bad("the card is finished"));
    }
    if body["guid"].as_str().is_none_or(str::is_empty) || body["isFull"] != true {
        return Err(bad("guid is missing, or text is not full"));
    }
    let (Some(key), Some(content)) = (body["key"].as_str(), body["content"].as_str()) else {
        return Err(bad("key or content is no string"));
    };
    card.variables.insert(key.to_owned(), content.to_owned());
    card.updates += 1;
    card.finished = body["isFinalize"] == true;
    Ok(json!({"success": true, "result": true}))
}

/// Answers an update of variables.
pub(super) fn update(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let new = variables(&call.body)?;
    let card = state.cards.get_mut(&track(&call.body)?).ok_or_else(|| bad("no such card"))?;
    card.variables.extend(new);
    Ok(json!({"success": true, "result": true}))
}
