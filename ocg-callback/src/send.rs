//! `POST /ocg/send`: a message outside any conversation.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use ocg_core::channel::OutboundMessage;
use ocg_core::config::channel_id;
use ocg_core::deliver::{TextLimit, split};
use ocg_core::error::Fault;
use ocg_core::gateway::{AccountState, ControlError};
use ocg_core::reply::{DeliverError, ReplyPayload};
use ocg_core::store::{KnownSend, SendAnswer, SendKey};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::answer::Refusal;
use crate::app::App;
use crate::{body, signed};

/// Room for "(12/34) " before a part.
const PREFIX: usize = 12;

/// What is to be sent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendRequest {
    #[serde(deserialize_with = "channel")]
    channel: String,
    account_id: Option<String>,
    to: String,
    text: Option<String>,
    media_url: Option<String>,
    reply_to_id: Option<String>,
    thread_id: Option<String>,
    client_ref: Option<String>,
    idempotency_key: Option<String>,
}

/// The channel that an id of today or of the original gateway means.
fn channel<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(|id| channel_id(&id).to_owned())
}

/// How far a send has come, for an error in the middle.
#[derive(Default)]
struct Progress {
    sent: usize,
    total: usize,
}

pub(crate) async fn send(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let (status, value) = match take(&app, &headers, body).await {
        Ok(answer) => answer,
        Err(refusal) => {
            tracing::warn!(target: "ocg::send", status = refusal.status.as_u16(), code = refusal.code, "send refused: {}", refusal.message);
            app.metrics.sent(refusal.code);
            return refusal.into_response();
        }
    };
    app.metrics.sent(value["code"].as_str().unwrap_or("ok"));
    (status, Json(value)).into_response()
}

async fn take(
    app: &Arc<App>,
    headers: &HeaderMap,
    body: Body,
) -> Result<(StatusCode, Value), Refusal> {
    let rules = &app.settings.send;
    let signer = app.send_signer.as_ref().filter(|_| rules.enabled).ok_or_else(|| {
        Refusal::new(403, "DISABLED", "sending is off; set \"sendSecret\" and \"sendEnabled\"")
    })?;
    let body = body::read(headers, body, rules.max_body, app.settings.read_timeout).await?;
    signed::check(signer, headers, &body)?;
    let request: SendRequest = serde_json::from_slice(&body)
        .map_err(|error| bad(format!("the body is not a send request in JSON: {error}")))?;
    // A caller that hangs up does not leave half a message.
    let sending = app.work.spawn({
        let app = Arc::clone(app);
        async move { once(&app, request, &body).await }
    });
    sending.await.unwrap_or_else(|_| Err(Refusal::new(500, "INTERNAL", "sending failed")))
}

/// Sends, unless the same request was answered before.
async fn once(
    app: &App,
    request: SendRequest,
    body: &[u8],
) -> Result<(StatusCode, Value), Refusal> {
    let Some(key) = request.idempotency_key.clone() else {
        return Ok(answered(run(app, request).await));
    };
    let send = SendKey::of(&key, body);
    let place = app.sent.place(send).ok_or_else(key_reused)?;
    let answer = place.get_or_try_init(|| on_record(app, request, send)).await.cloned();
    app.sent.leave(send, &place);
    answer
}

/// Sends with the store as witness: what is on record there is not sent again, also after a
/// restart.
async fn on_record(
    app: &App,
    request: SendRequest,
    send: SendKey,
) -> Result<(StatusCode, Value), Refusal> {
    let store = app.gateway.store();
    let known = store.begin_send(send).await.map_err(|error| {
        tracing::error!(target: "ocg::send", %error, "a send request could not be stored");
        Refusal::new(503, "STORE", "the request could not be stored; try again later")
    })?;
    match known {
        KnownSend::New => {}
        KnownSend::OtherBody => return Err(key_reused()),
        KnownSend::Begun => {
            let message = "the gateway ended while it was sending this: it is not known whether \
                           the message was sent";
            return Err(Refusal::new(504, "UNKNOWN_OUTCOME", message));
        }
        KnownSend::Answered(SendAnswer { status, body }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            return Ok((status, serde_json::from_str(&body).unwrap_or_default()));
        }
    }
    let (status, value) = answered(run(app, request).await);
    // What surely sent nothing may be tried again with the same key.
    let kept = status.is_success()
        || status == StatusCode::GATEWAY_TIMEOUT
        || value["chunksSent"].as_u64().unwrap_or(0) > 0;
    let answer = kept.then(|| SendAnswer { status: status.as_u16(), body: value.to_string() });
    if let Err(error) = store.end_send(send, answer).await {
        tracing::error!(target: "ocg::send", %error, "the end of a send request could not be stored: repeated after a restart, its outcome is unknown");
    }
    Ok((status, value))
}

fn key_reused() -> Refusal {
    Refusal::new(409, "KEY_REUSED", "this idempotencyKey came with another body before")
}

fn answered(result: Result<Value, Refusal>) -> (StatusCode, Value) {
    match result {
        Ok(value) => (StatusCode::OK, value),
        Err(refusal) => {
            tracing::warn!(target: "ocg::send", status = refusal.status.as_u16(), code = refusal.code, "not sent: {}", refusal.message);
            (refusal.status, refusal.json())
        }
    }
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "BAD_REQUEST", message)
}

async fn run(app: &App, request: SendRequest) -> Result<Value, Refusal> {
    let (account, payloads) = plan(app, &request)?;
    let progress = Mutex::new(Progress { sent: 0, total: payloads.len() });
    let sending = deliver(app, &request, &account, payloads, &progress);
    let result = tokio::time::timeout(app.settings.send.timeout, sending).await;
    let Progress { sent, total } = *progress.lock().await;
    let counts =
        json!({ "chunksSent": sent, "chunksTotal": total, "clientRef": request.client_ref });
    match result {
        Ok(Ok(message_id)) => {
            let mut value = json!({ "ok": true });
            if let (Some(id), Some(object)) = (message_id, value.as_object_mut()) {
                object.insert("messageId".into(), id.into());
            }
            merge(&mut value, counts);
            Ok(value)
        }
        Ok(Err(refusal)) => Err(Refusal { details: Some(counts), ..refusal }),
        Err(_) => {
            let message =
                "the channel did not answer in time: it is not known whether the message was sent";
            Err(Refusal { details: Some(counts), ..Refusal::new(504, "TIMEOUT", message) })
        }
    }
}

fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from.into_iter().filter(|(_, value)| !value.is_null()));
    }
}

/// The account to send from and the messages to send.
fn plan(app: &App, request: &SendRequest) -> Result<(String, Vec<ReplyPayload>), Refusal> {
    let rules = &app.settings.send;
    let text = request.text.as_deref().unwrap_or_default().trim();
    let media = request.media_url.as_deref().filter(|url| !url.is_empty());
    if request.to.trim().is_empty() {
        return Err(bad("\"to\" is empty"));
    }
    if text.is_empty() && media.is_none() {
        return Err(bad("there is neither \"text\" nor \"mediaUrl\""));
    }
    let length = text.chars().count();
    if let Some(max) = rules.max_text.filter(|max| length > *max) {
        let message = format!("the text has {length} characters; {max} are allowed");
        return Err(Refusal::new(413, "TEXT_TOO_LONG", message));
    }
    if let Some(url) = media
        && !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme))
    {
        return Err(bad("\"mediaUrl\" must be an http:// or https:// URL"));
    }
    let channel = &request.channel;
    if let Some(allowed) = &rules.allowed_channels
        && !allowed.iter().any(|one| channel_id(one) == channel)
    {
        let message = format!("\"sendAllowedChannels\" does not name {channel}");
        return Err(Refusal::new(403, "CHANNEL_NOT_ALLOWED", message));
    }
    let account = account(app, channel, request.account_id.as_deref())?;
    let limit = app.gateway.text_limit(channel, &account).unwrap_or(TextLimit::from(4000));
    Ok((account, payloads(text, media, limit, rules.chunk_prefix)))
}

/// The named account, or the channel's only one that is enabled; it must be running.
fn account(app: &App, channel: &str, named: Option<&str>) -> Result<String, Refusal> {
    let status = app.gateway.status();
    let channel_status =
        status.channels.into_iter().find(|one| one.id == channel).ok_or_else(|| {
            Refusal::new(404, "UNKNOWN_CHANNEL", format!("no channel {channel:?} is loaded"))
        })?;
    let mut accounts = channel_status.accounts;
    accounts.retain(|one| match named {
        Some(named) => one.key.account == named,
        None => one.enabled,
    });
    match accounts.as_slice() {
        [one] if one.state == AccountState::Running && one.connected != Some(false) => {
            Ok(one.key.account.clone())
        }
        [one] => {
            let message = format!("{} is not connected", one.key);
            Err(Refusal::new(503, "NOT_READY", message))
        }
        [] if channel_status.error.is_some() || !channel_status.listed => {
            Err(Refusal::new(503, "NOT_READY", format!("channel {channel} is not ready")))
        }
        [] => Err(Refusal::new(
            404,
            "UNKNOWN_ACCOUNT",
            format!("channel {channel} has no such account"),
        )),
        _ => Err(bad(format!("channel {channel} has several accounts; name one in \"accountId\""))),
    }
}

fn payloads(text: &str, media: Option<&str>, limit: TextLimit, prefix: bool) -> Vec<ReplyPayload> {
    let mut parts = if text.is_empty() { Vec::new() } else { split(text, limit) };
    if prefix && parts.len() > 1 {
        parts = split(text, limit.less(PREFIX));
        let total = parts.len();
        for (index, part) in parts.iter_mut().enumerate() {
            *part = format!("({}/{total}) {part}", index + 1);
        }
    }
    let mut payloads: Vec<_> = parts.into_iter().map(ReplyPayload::text).collect();
    if let Some(url) = media {
        payloads.push(ReplyPayload { media: vec![url.to_owned()], ..ReplyPayload::default() });
    }
    payloads
}

/// Sends one message after the other; the platform's id of the last.
async fn deliver(
    app: &App,
    request: &SendRequest,
    account: &str,
    payloads: Vec<ReplyPayload>,
    progress: &Mutex<Progress>,
) -> Result<Option<String>, Refusal> {
    let mut message_id = None;
    for payload in payloads {
        let message = OutboundMessage {
            account: account.to_owned(),
            to: request.to.clone(),
            thread: request.thread_id.clone(),
            reply_to: request.reply_to_id.clone(),
            payload,
        };
        let receipt = app.gateway.send(&request.channel, message).await.map_err(refused)?;
        message_id = receipt.message_id.or(message_id);
        progress.lock().await.sent += 1;
    }
    Ok(message_id)
}

fn refused(error: ControlError) -> Refusal {
    let message = error.to_string();
    match error {
        ControlError::UnknownChannel(_) => Refusal::new(404, "UNKNOWN_CHANNEL", message),
        ControlError::UnknownAccount(_) => Refusal::new(404, "UNKNOWN_ACCOUNT", message),
        ControlError::Send(DeliverError { reason, fault: Fault::Config, .. }) => {
            Refusal::new(501, "CANNOT_SEND", reason)
        }
        ControlError::Send(DeliverError { reason, .. }) => {
            Refusal::new(502, "PLATFORM_REFUSED", reason)
        }
        ControlError::Blocked { .. }
        | ControlError::Channel { .. }
        | ControlError::DuplicateChannel(_) => Refusal::new(503, "NOT_READY", message),
        ControlError::Stopping => Refusal::new(503, "STOPPING", message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_numbered_within_the_limit() {
        let text = "word ".repeat(50);
        let parts = payloads(text.trim(), Some("https://a.example/x"), 64.into(), true);
        let texts: Vec<_> = parts.iter().map(|part| part.text.as_str()).collect();
        let (files, texts) = (texts.last().unwrap(), &texts[..texts.len() - 1]);
        assert!(files.is_empty() && texts.len() > 1);
        for (index, part) in texts.iter().enumerate() {
            assert!(part.starts_with(&format!("({}/{}) ", index + 1, texts.len())), "{part}");
            assert!(part.chars().count() <= 64, "{part}");
        }
        assert_eq!(payloads("short", None, 64.into(), true), [ReplyPayload::text("short")]);
    }
}
