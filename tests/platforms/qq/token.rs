//! Access tokens: given for the bot's secret, valid for a while.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::state::State;
use crate::platforms::api::{Call, Refusal};

/// An access token that was given out.
#[derive(Debug)]
pub(super) struct Token {
    pub value: String,
    pub until: Instant,
}

/// Answers `getAppAccessToken`. A wrong secret is an HTTP 200 with a code, as on the platform.
pub(super) fn give(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let settings = &state.settings;
    if call.body["appId"] != settings.app_id.as_str()
        || call.body["clientSecret"] != settings.secret.as_str()
    {
        return Err(Refusal::new(200, 100016, "invalid appid or secret"));
    }
    let life = settings.token_life;
    let value = format!("access-token-{}", state.id());
    state.tokens.push(Token { value: value.clone(), until: Instant::now() + life });
    // The platform gives the seconds as a string.
    Ok(json!({"access_token": value, "expires_in": life.as_secs().to_string()}))
}

/// Whether `QQBot <token>` is one that is valid now.
pub(super) fn is_valid(state: &State, authorization: &str) -> bool {
    let token = authorization.strip_prefix("QQBot ").unwrap_or_default();
    state.tokens.iter().any(|known| known.value == token && known.until > Instant::now())
}

/// Refuses a call without a valid token. A token that was valid once is no violation.
pub(super) fn check(state: &State, call: &Call) -> Result<(), Refusal> {
    let authorization = call.header("authorization");
    if is_valid(state, authorization) {
        return Ok(());
    }
    let refusal = Refusal::new(401, 11244, "token not exist or expire");
    let known = state.tokens.iter().any(|known| authorization.ends_with(&known.value));
    Err(if known { refusal.excused() } else { refusal })
}
