//! The list of commands that clients offer.

use serde_json::{Value, json};

use super::parameters::Parameters;
use super::server::bad_request;
use super::state::State;
use crate::platforms::api::Refusal;

/// A command in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Without the slash.
    pub name: String,
    /// What it is said to do.
    pub description: String,
}

/// Whose list a call is about.
fn list(parameters: &Parameters) -> String {
    let scope = parameters.json("scope").unwrap_or_default();
    let scope = scope["type"].as_str().unwrap_or("default").to_owned();
    match parameters.text("language_code").filter(|code| !code.is_empty()) {
        Some(language) => format!("{scope}/{language}"),
        None => scope,
    }
}

/// Answers `setMyCommands`.
pub(super) fn set(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let given = parameters.json("commands");
    let given = given.as_ref().and_then(Value::as_array);
    let given = given.ok_or_else(|| bad_request("can't parse commands"))?;
    if given.len() > 100 {
        return Err(bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    let commands = given.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    state.commands.insert(list(parameters), commands);
    Ok(true.into())
}

fn read(command: &Value) -> Result<Command, Refusal> {
    let text = |name: &str| command[name].as_str().unwrap_or_default().to_owned();
    let (name, description) = (text("command"), text("description"));
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !(1..=32).contains(&name.len()) || !name.chars().all(allowed) {
        return Err(bad_request("BOT_COMMAND_INVALID"));
    }
    if !(1..=256).contains(&description.chars().count()) {
        return Err(bad_request("BOT_COMMAND_DESCRIPTION_INVALID"));
    }
    Ok(Command { name, description })
}

/// Answers `deleteMyCommands`.
pub(super) fn delete(state: &mut State, parameters: &Parameters) -> Value {
    state.commands.remove(&list(parameters));
    true.into()
}

/// Answers `getMyCommands`.
pub(super) fn get(state: &State, parameters: &Parameters) -> Value {
    let commands = state.commands.get(&list(parameters)).into_iter().flatten();
    commands.map(|c| json!({"command": c.name, "description": c.description})).collect()
}
