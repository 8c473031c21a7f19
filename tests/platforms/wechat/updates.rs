//! The long poll: messages are handed out by cursor, and an old cursor gets the same ones again.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::rules::{Refusal, forbidden, text};
use super::state::State;
use crate::Watched;

/// Answers `getupdates`, holding it while there is nothing to tell.
pub(super) async fn get_updates(state: &Watched<State>, body: &Value) -> Result<Value, Refusal> {
    let position = state.read(|s| position(s, body))?;
    let _open = OpenPoll::new(state);
    let hold = state.read(|s| s.settings.hold);
    let news = state.when(|s| (s.mailbox.len() > position).then_some(()));
    // Nothing new in time is an answer too: an empty one.
    let _ = tokio::time::timeout(hold, news).await;
    Ok(state.change(|s| hand_out(s, position)))
}

/// How many messages lie before the cursor. A bot without a cursor gets everything.
fn position(state: &State, body: &Value) -> Result<usize, Refusal> {
    let cursor = text(body, "get_updates_buf")?;
    if cursor.is_empty() {
        return Ok(0);
    }
    cursor
        .strip_prefix(&cursor_prefix(state))
        .and_then(|position| position.parse().ok())
        .filter(|position| *position <= state.mailbox.len())
        .ok_or_else(|| forbidden(format!("get_updates_buf was never given out: {cursor:?}")))
}

fn cursor_prefix(state: &State) -> String {
    format!("buf/{}/", state.settings.bot_id)
}

fn hand_out(state: &mut State, position: usize) -> Value {
    let now = Instant::now();
    let end = state.mailbox.len().min(position + state.settings.batch);
    let messages: Vec<Value> = state.mailbox[position..end]
        .iter_mut()
        .map(|letter| {
            letter.handed_out.get_or_insert(now);
            letter.json.clone()
        })
        .collect();
    json!({
        "ret": 0,
        "msgs": messages,
        "get_updates_buf": format!("{}{end}", cursor_prefix(state)),
        "longpolling_timeout_ms": state.settings.poll_timeout_ms,
    })
}

/// Counts a poll as open until it is answered or its connection is gone.
struct OpenPoll<'a>(&'a Watched<State>);

impl<'a> OpenPoll<'a> {
    fn new(state: &'a Watched<State>) -> Self {
        state.change(|s| {
            s.polls.count += 1;
            s.polls.open += 1;
            s.polls.most_open = s.polls.most_open.max(s.polls.open);
            s.polls.first.get_or_insert_with(Instant::now);
        });
        Self(state)
    }
}

impl Drop for OpenPoll<'_> {
    fn drop(&mut self) {
        self.0.change(|s| s.polls.open -= 1);
    }
}
