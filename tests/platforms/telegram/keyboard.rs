//! Buttons below messages, and presses of them.

use serde_json::Value;

use super::parameters::Parameters;
use super::server::bad_request;
use super::state::State;
use crate::platforms::api::Refusal;

/// Longest data of a button, in bytes.
const DATA_LIMIT: usize = 64;

/// A button below a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub text: String,
    /// What the bot is told when it is pressed; nothing for buttons that do something else.
    pub data: Option<String>,
}

/// A button that was pressed.
#[derive(Debug)]
pub(super) struct Press {
    /// What was shown to the user for it, once the bot has answered.
    pub answer: Option<String>,
}

/// What a button can be for; it is for exactly one thing.
const PURPOSES: [&str; 9] = [
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "pay",
];

/// The inline keyboard of a call; empty if there is none.
pub(super) fn read(parameters: &Parameters) -> Result<Vec<Vec<Button>>, Refusal> {
    let Some(markup) = parameters.json("reply_markup") else { return Ok(Vec::new()) };
    let Some(rows) = markup["inline_keyboard"].as_array() else {
        let others = ["keyboard", "remove_keyboard", "force_reply"];
        let known = others.iter().any(|name| !markup[*name].is_null());
        let refusal = bad_request("object expected as reply markup");
        return if known { Ok(Vec::new()) } else { Err(refusal) };
    };
    rows.iter()
        .map(|row| row.as_array().into_iter().flatten().map(button).collect())
        .filter(|row: &Result<Vec<_>, _>| row.as_ref().map_or(true, |row| !row.is_empty()))
        .collect()
}

fn button(button: &Value) -> Result<Button, Refusal> {
    let purposes = PURPOSES.iter().filter(|name| !button[**name].is_null()).count();
    let text = button["text"].as_str().unwrap_or_default().to_owned();
    if text.is_empty() || purposes != 1 {
        return Err(bad_request("can't parse inline keyboard button: text buttons are unallowed"));
    }
    let data = button["callback_data"].as_str().map(str::to_owned);
    if data.as_ref().is_some_and(|data| !(1..=DATA_LIMIT).contains(&data.len())) {
        return Err(bad_request("BUTTON_DATA_INVALID"));
    }
    Ok(Button { text, data })
}

/// Answers `answerCallbackQuery`. A press is answered once.
pub(super) fn answer(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let id = parameters.text("callback_query_id").unwrap_or_default();
    let text = parameters.text("text").unwrap_or_default();
    if text.chars().count() > 200 {
        return Err(bad_request("MESSAGE_TOO_LONG"));
    }
    let press = state.presses.get_mut(&id).filter(|press| press.answer.is_none());
    let press = press.ok_or_else(|| {
        bad_request("query is too old and response timeout expired or query ID is invalid")
    })?;
    press.answer = Some(text);
    Ok(true.into())
}
