//! Access tokens and stream tickets, both given for the client's secret.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::endpoint::STREAM;
use super::state::State;
use super::stream::TOPIC;
use crate::platforms::api::{Call, Refusal};

/// An access token that was given out.
#[derive(Debug)]
pub(super) struct Token {
    pub value: String,
    pub until: Instant,
}

/// Answers `accessToken`.
pub(super) fn give(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let settings = &state.settings;
    if call.body["appKey"] != settings.client_id.as_str()
        || call.body["appSecret"] != settings.secret.as_str()
    {
        return Err(Refusal::new(400, "invalidClientIdOrSecret", "无效的clientId或者clientSecret"));
    }
    let life = settings.token_life;
    let value = format!("access-token-{}", state.id());
    state.tokens.push(Token { value: value.clone(), until: Instant::now() + life });
    Ok(json!({"accessToken": value, "expireIn": life.as_secs()}))
}

/// Refuses a call without a valid token: in a header, or in the query of the older API. A token that
/// was valid once is no violation.
pub(super) fn check(state: &State, call: &Call) -> Result<(), Refusal> {
    let given = match call.header("x-acs-dingtalk-access-token") {
        "" => call.parameter("access_token"),
        header => header,
    };
    match state.tokens.iter().find(|token| token.value == given) {
        Some(token) if token.until > Instant::now() => Ok(()),
        known => {
            let refusal = Refusal::new(401, "InvalidAuthentication", "不合法的access_token");
            Err(if known.is_some() { refusal.excused() } else { refusal })
        }
    }
}

/// Answers the registration of a stream connection.
pub(super) fn ticket(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (body, settings) = (&call.body, &state.settings);
    if body["clientId"] != settings.client_id.as_str()
        || body["clientSecret"] != settings.secret.as_str()
    {
        return Err(Refusal::new(401, "authFailed", "wrong client id or secret"));
    }
    let subscriptions = body["subscriptions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let subscribed = |topic: &str| {
        subscriptions.iter().any(|one| one["type"] == "CALLBACK" && one["topic"] == topic)
    };
    if !subscribed(TOPIC) {
        return Err(Refusal::new(400, "invalidSubscription", "robot messages are not subscribed"));
    }
    let ticket = format!("ticket-{}", state.id());
    state.tickets.insert(ticket.clone());
    Ok(json!({"endpoint": format!("wss://{STREAM}:443/connect"), "ticket": ticket}))
}
