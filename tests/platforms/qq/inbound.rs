//! Events on their way to the bot.

use std::collections::HashSet;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::chat::Said;
use super::endpoint::FILES;
use super::state::{Letter, State};

/// A message to the bot in `place` from `sender`: event type and the fields of its data that depend
/// on what is said.
pub(super) fn post(
    state: &mut State,
    place: &str,
    sender: &str,
    kind: &'static str,
    content: &Value,
) -> Said {
    let id = format!("ROBOT1.0_in_{}", state.id());
    let (scope, chat) = place.split_once('/').unwrap();
    let mut data = json!({"id": id, "timestamp": "2026-01-01T00:00:00+08:00", "message_type": 0});
    match scope {
        "users" => data["author"] = json!({"id": sender, "user_openid": sender}),
        "groups" => {
            data["author"] = json!({"id": sender, "member_openid": sender, "username": sender});
            data["group_id"] = chat.into();
            data["group_openid"] = chat.into();
        }
        _ => {
            data["author"] = json!({"id": sender, "username": sender, "bot": false});
            data["channel_id"] = chat.into();
            data["guild_id"] = "guild-1".into();
        }
    }
    for (name, value) in content.as_object().unwrap() {
        data[name] = value.clone();
    }
    let letter = Letter {
        place: place.to_owned(),
        at: Instant::now(),
        answers: 0,
        sequences: HashSet::new(),
        event: (kind, data.clone()),
    };
    state.messages.insert(id.clone(), letter);
    push(state, kind, data);
    Said { message_id: id }
}

/// Sends a message's event once more, under a new number.
pub(super) fn post_again(state: &mut State, said: &Said) {
    let (kind, data) = state.messages[&said.message_id].event.clone();
    push(state, kind, data);
}

fn push(state: &mut State, kind: &'static str, data: Value) {
    let current = state.current.clone().expect("the bot has identified itself before");
    state.sessions.get_mut(&current).unwrap().events.push((kind, data));
}

/// A file that a user sent; the platform serves it under the returned address.
pub(super) fn file(state: &mut State, content_type: &str, bytes: &[u8]) -> String {
    let id = format!("file-{}", state.id());
    state.files.insert(id.clone(), (content_type.to_owned(), bytes.to_vec()));
    format!("https://{FILES}/download?fileid={id}")
}
