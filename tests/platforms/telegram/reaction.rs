//! Reactions of the bot's to messages.

use serde_json::Value;

use super::parameters::Parameters;
use super::sending;
use super::server::bad_request;
use super::state::State;
use crate::platforms::api::Refusal;

/// The emoji that Telegram takes as reactions.
const ALLOWED: &str = "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡";

/// Answers `setMessageReaction`.
pub(super) fn set(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let reactions = parameters.json("reaction").unwrap_or_default();
    let reactions = reactions.as_array().map(Vec::as_slice).unwrap_or_default();
    let reaction = match reactions {
        [] => None,
        [one] if one["type"] == "emoji" => one["emoji"].as_str().map(str::to_owned),
        [_] => return Err(bad_request("REACTION_INVALID")),
        _ => return Err(bad_request("REACTIONS_TOO_MANY")),
    };
    if let Some(emoji) = &reaction
        && !ALLOWED.split(' ').any(|allowed| allowed == emoji)
    {
        return Err(bad_request("REACTION_INVALID"));
    }
    let room = sending::room(state, parameters)?;
    let id = parameters.integer("message_id").unwrap_or_default();
    let message = room.messages.get_mut(&id).filter(|message| !message.deleted);
    let message = message.ok_or_else(|| bad_request("message to react not found"))?;
    message.reaction = reaction;
    Ok(true.into())
}
