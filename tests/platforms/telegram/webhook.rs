//! Updates that are posted to an address of the bot's.

use std::time::Duration;

use serde_json::{Value, json};

use super::parameters::Parameters;
use super::server::bad_request;
use super::state::State;
use crate::Watched;
use crate::platforms::api::Refusal;

const PORTS: [u16; 4] = [443, 80, 88, 8443];
/// Pause before an update is posted again.
const AGAIN: Duration = Duration::from_millis(200);

/// Where updates are posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    /// What came of the last post that failed.
    pub last_error: Option<String>,
    /// Posts that were answered with success.
    pub posted: usize,
}

/// Answers `setWebhook`.
pub(super) fn set(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let text = parameters.text("url").unwrap_or_default();
    if text.is_empty() {
        return Ok(delete(state, parameters));
    }
    let bad = |why: &str| bad_request(format!("bad webhook: {why}"));
    let url = url::Url::parse(&text).map_err(|_| bad("invalid URL"))?;
    if url.scheme() != "https" {
        return Err(bad("An HTTPS URL must be provided for webhook"));
    }
    if !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
        return Err(bad("Webhook can be set up only on ports 80, 88, 443 or 8443"));
    }
    let secret = parameters.text("secret_token");
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if secret.as_ref().is_some_and(|secret| secret.len() > 256 || !secret.chars().all(allowed)) {
        return Err(bad_request("secret token contains unallowed characters"));
    }
    state.updates.allow(parameters)?;
    if parameters.flag("drop_pending_updates") {
        state.updates.queue.clear();
    }
    state.webhook = Some(Webhook { url: text, secret, last_error: None, posted: 0 });
    Ok(true.into())
}

/// Answers `deleteWebhook`.
pub(super) fn delete(state: &mut State, parameters: &Parameters) -> Value {
    state.webhook = None;
    if parameters.flag("drop_pending_updates") {
        state.updates.queue.clear();
    }
    true.into()
}

/// Answers `getWebhookInfo`.
pub(super) fn info(state: &State) -> Value {
    let webhook = state.webhook.as_ref();
    let mut info = json!({
        "url": webhook.map(|webhook| webhook.url.as_str()).unwrap_or_default(),
        "has_custom_certificate": false,
        "pending_update_count": state.updates.queue.len(),
    });
    if let Some(error) = webhook.and_then(|webhook| webhook.last_error.clone()) {
        info["last_error_message"] = error.into();
    }
    info
}

/// Posts updates for as long as there is a webhook, one after the other, each until it is taken.
pub(super) async fn post(state: Watched<State>) {
    // The client asks for a provider even though it speaks plain HTTP only.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    loop {
        let (webhook, address, update) = state
            .when(|s| {
                let address = s.settings.public_address?;
                Some((s.webhook.clone()?, address, s.updates.queue.front()?.clone()))
            })
            .await;
        let path = url::Url::parse(&webhook.url).unwrap();
        let request = http.post(format!("http://{address}{}", path.path())).json(&update);
        let request = match &webhook.secret {
            Some(secret) => request.header("x-telegram-bot-api-secret-token", secret),
            None => request,
        };
        let error = match request.send().await {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("Wrong response from the webhook: {}", answer.status())),
            Err(_) => Some("Connection refused".to_owned()),
        };
        state.change(|s| {
            if error.is_none() {
                s.updates.queue.retain(|queued| queued["update_id"] != update["update_id"]);
            }
            if let Some(webhook) = &mut s.webhook {
                webhook.posted += usize::from(error.is_none());
                webhook.last_error.clone_from(&error);
            }
        });
        if error.is_some() {
            tokio::time::sleep(AGAIN).await;
        }
    }
}
