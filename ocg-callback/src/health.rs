//! `GET /healthz` and `GET /readyz`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ocg_core::gateway::{AccountSnapshot, AccountState};
use ocg_core::store::StoreHealth;
use serde_json::{Value, json};

use crate::app::App;

/// The process is up.
pub(crate) async fn healthz() -> Json<Value> {
    Json(json!({ "ok": true }))
}

/// Whether every enabled account is connected and the store takes messages. Reasons are left to
/// `ocg status`: this page may be public.
pub(crate) async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, Json<Value>) {
    let status = app.gateway.status();
    let mut not_ready = Vec::new();
    for channel in &status.channels {
        if channel.error.is_some() {
            not_ready.push(json!({ "channel": channel.id, "state": "unavailable" }));
        } else if !channel.listed {
            not_ready.push(json!({ "channel": channel.id, "state": "starting" }));
        }
        let enabled = channel.accounts.iter().filter(|account| account.enabled);
        let waiting = enabled.filter(|account| !is_ready(account));
        not_ready.extend(waiting.map(|account| {
            json!({
                "channel": account.key.channel,
                "account": account.key.account,
                "state": state_name(account.state),
            })
        }));
    }
    let store = app.gateway.store_health() == StoreHealth::Good;
    let ok = not_ready.is_empty() && store;
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (
        status,
        Json(
            json!({ "ok": ok, "notReady": not_ready, "store": if store { "good" } else { "degraded" } }),
        ),
    )
}

pub(crate) fn is_ready(account: &AccountSnapshot) -> bool {
    account.state == AccountState::Running && account.connected != Some(false)
}

pub(crate) fn state_name(state: AccountState) -> &'static str {
    match state {
        AccountState::Starting => "starting",
        AccountState::Running => "running",
        AccountState::Backoff => "backoff",
        AccountState::Stopped => "stopped",
    }
}
