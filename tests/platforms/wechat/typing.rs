//! Typing tickets and indicators.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::rules::{Refusal, forbidden, malformed, number, text};
use super::state::State;

/// A typing indicator that a user saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    /// When.
    pub at: Instant,
    /// Shown, or taken away.
    pub shown: bool,
}

/// Answers `getconfig`.
pub(super) fn get_config(state: &State, body: &Value) -> Result<Value, Refusal> {
    let user = text(body, "ilink_user_id")?;
    let account = state
        .users
        .get(user)
        .ok_or_else(|| forbidden(format!("getconfig for unknown {user:?}")))?;
    if let Some(token) = body["context_token"].as_str()
        && !account.context_tokens.contains(token)
    {
        return Err(forbidden(format!("getconfig for {user} with a stale context_token")));
    }
    Ok(json!({"ret": 0, "typing_ticket": account.typing_ticket}))
}

/// Answers `sendtyping`.
pub(super) fn send_typing(state: &mut State, body: &Value) -> Result<Value, Refusal> {
    let user = text(body, "ilink_user_id")?;
    let ticket = text(body, "typing_ticket")?;
    let shown = match number(body, "status")? {
        1 => true,
        2 => false,
        other => return Err(malformed(format!("typing status {other}"))),
    };
    let account = state
        .users
        .get_mut(user)
        .ok_or_else(|| forbidden(format!("typing to unknown {user:?}")))?;
    if account.typing_ticket != ticket {
        return Err(forbidden(format!("typing to {user} with the wrong ticket")));
    }
    account.typing.push(Typing { at: Instant::now(), shown });
    Ok(json!({"ret": 0}))
}
