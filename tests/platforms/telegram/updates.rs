//! What the bot is told: a queue of updates, and the long poll on it.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, timeout};

use super::parameters::Parameters;
use super::server::bad_request;
use super::state::State;
use crate::Watched;
use crate::platforms::api::Refusal;

/// Longest that a poll waits, whatever it asks for.
const LONGEST_POLL: u64 = 50;
/// What bots get if they do not ask for it: nothing.
const BY_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];
/// Every kind of update that the Bot API documents.
const KINDS: &str = "message edited_message channel_post edited_channel_post business_connection \
     business_message edited_business_message deleted_business_messages guest_message \
     message_reaction message_reaction_count inline_query chosen_inline_result callback_query \
     shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member \
     chat_member chat_join_request chat_boost removed_chat_boost managed_bot \
     stopped_message_generation subscription";

/// The queue and its reader.
#[derive(Debug, Default)]
pub(super) struct Updates {
    pub queue: VecDeque<Value>,
    pub next_id: i64,
    /// Asked for by the bot; none means what bots get by default.
    pub allowed: Vec<String>,
    /// Number of the newest poll; an older one is over.
    pub newest_poll: u64,
    /// When polls arrived.
    pub polls: Vec<Instant>,
    /// Long polls that wait now.
    pub waiting: usize,
    /// Polls that ended because of another.
    pub conflicts: usize,
}

impl Updates {
    /// Tells the bot something, if it wants to know.
    pub(super) fn push(&mut self, kind: &str, content: Value) -> Option<i64> {
        let wanted = if self.allowed.is_empty() {
            !BY_REQUEST.contains(&kind)
        } else {
            self.allowed.iter().any(|allowed| allowed == kind)
        };
        if !wanted {
            return None;
        }
        self.next_id += 1;
        let id = 870_000_000 + self.next_id;
        self.queue.push_back(serde_json::json!({"update_id": id, kind: content}));
        Some(id)
    }

    /// Remembers which kinds of updates the bot wants, if the call says so.
    pub(super) fn allow(&mut self, parameters: &Parameters) -> Result<(), Refusal> {
        let Some(allowed) = parameters.json("allowed_updates") else { return Ok(()) };
        let kinds: Vec<String> = serde_json::from_value(allowed)
            .map_err(|_| bad_request("can't parse allowed updates list"))?;
        if let Some(unknown) = kinds.iter().find(|kind| !KINDS.split(' ').any(|k| k == *kind)) {
            return Err(bad_request(format!("unknown allowed update {unknown}")));
        }
        self.allowed = kinds;
        Ok(())
    }

    /// Forgets what is older than `offset`; below zero, all but so many of the newest.
    fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let over = self.queue.len().saturating_sub(keep);
            self.queue.drain(..over);
        }
        while offset > 0
            && self.queue.front().is_some_and(|u| u["update_id"].as_i64() < Some(offset))
        {
            self.queue.pop_front();
        }
    }
}

fn conflict(reason: &str) -> Refusal {
    Refusal::new(409, 409, format!("Conflict: {reason}")).excused()
}

/// A poll that waits, until it is answered or its connection gone.
struct Waiting<'a>(&'a Watched<State>);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.change(|s| s.updates.waiting -= 1);
    }
}

/// Answers `getUpdates`, sooner or later.
pub(super) async fn poll(
    state: &Watched<State>,
    parameters: &Parameters,
) -> Result<Value, Refusal> {
    let limit = parameters.integer("limit").unwrap_or(100).clamp(1, 100) as usize;
    let patience = parameters.integer("timeout").unwrap_or(0).max(0).cast_unsigned();
    let patience = Duration::from_secs(patience.min(LONGEST_POLL));
    let number = state.change(|s| begin(s, parameters))?;
    let next = state.when(|s| {
        if s.webhook.is_some() {
            return Some(Err(conflict("terminated by setWebhook request")));
        }
        if s.updates.newest_poll != number {
            let why = "terminated by other getUpdates request; \
                       make sure that only one bot instance is running";
            return Some(Err(conflict(why)));
        }
        let batch: Vec<Value> = s.updates.queue.iter().take(limit).cloned().collect();
        (!batch.is_empty()).then_some(Ok(batch.into()))
    });
    let waiting = (!patience.is_zero()).then(|| {
        state.change(|s| s.updates.waiting += 1);
        Waiting(state)
    });
    let answer = timeout(patience, next).await.unwrap_or_else(|_| Ok(Value::Array(Vec::new())));
    drop(waiting);
    if answer.is_err() {
        state.change(|s| s.updates.conflicts += 1);
    }
    answer
}

fn begin(state: &mut State, parameters: &Parameters) -> Result<u64, Refusal> {
    if state.webhook.is_some() {
        state.updates.conflicts += 1;
        let why = "can't use getUpdates method while webhook is active; \
                   use deleteWebhook to delete the webhook first";
        return Err(conflict(why));
    }
    let updates = &mut state.updates;
    updates.allow(parameters)?;
    updates.confirm(parameters.integer("offset").unwrap_or(0));
    updates.polls.push(Instant::now());
    updates.newest_poll += 1;
    Ok(updates.newest_poll)
}
