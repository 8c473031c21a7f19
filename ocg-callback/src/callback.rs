//! `POST /ocg/callback/{token}`: an agent's reply.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use ocg_core::gateway::CallbackRefusal;
use ocg_core::store::{CallbackReply, TokenRefusal};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::app::App;
use crate::{body, signed};

/// The body of a callback.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Callback {
    #[serde(default)]
    reply: Option<Value>,
    #[serde(default)]
    is_error: Option<bool>,
    #[serde(default, rename = "final")]
    last: Option<bool>,
}

pub(crate) async fn with_token(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answer(&app, Some(&token), &headers, body).await
}

pub(crate) async fn without_token(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answer(&app, None, &headers, body).await
}

async fn answer(app: &App, token: Option<&str>, headers: &HeaderMap, body: Body) -> Response {
    let accepted = accept(app, token, headers, body).await;
    let result = accepted.as_ref().map_or_else(|refusal| refusal.code, |()| "ok");
    app.metrics.callback(result);
    match accepted {
        Ok(()) => Json(json!({ "ok": true })).into_response(),
        Err(refusal) => {
            app.refusals.send_replace(Some(refusal.code));
            tracing::warn!(target: "ocg::callback", status = refusal.status.as_u16(), code = refusal.code, "callback refused: {}", refusal.message);
            refusal.into_response()
        }
    }
}

async fn accept(
    app: &App,
    token: Option<&str>,
    headers: &HeaderMap,
    body: Body,
) -> Result<(), Refusal> {
    let body = body::read(headers, body, app.settings.max_body, app.settings.read_timeout).await?;
    if let Some(signer) = &app.callback_signer {
        signed::check(signer, headers, &body)?;
    }
    let token = token
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Refusal::new(400, "NO_TOKEN", "the callback URL has no token"))?;
    let reply = reply(&body)?;
    app.gateway.callback(token, reply).await.map_err(refused)
}

/// What a body says.
fn reply(body: &[u8]) -> Result<CallbackReply, Refusal> {
    let callback: Callback = serde_json::from_slice(body).map_err(|error| {
        Refusal::new(400, "BAD_REQUEST", format!("the body is not a callback in JSON: {error}"))
    })?;
    let (text, media) = match callback.reply {
        Some(Value::String(text)) => (text, Vec::new()),
        Some(reply @ Value::Object(_)) => structured(&reply),
        _ => {
            let message = "\"reply\" is missing; it must be a text or an object";
            return Err(Refusal::new(400, "NO_REPLY", message));
        }
    };
    Ok(CallbackReply {
        text,
        media,
        is_error: callback.is_error.unwrap_or(false),
        more: callback.last == Some(false),
    })
}

/// `text ?? content ?? the JSON itself`, and the files of `mediaUrl` and `mediaUrls`.
fn structured(reply: &Value) -> (String, Vec<String>) {
    let one = reply["mediaUrl"].as_str().into_iter();
    let several = reply["mediaUrls"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut media: Vec<String> = Vec::new();
    for url in one.chain(several).filter(|url| !url.is_empty()) {
        if !media.iter().any(|known| known == url) {
            media.push(url.to_owned());
        }
    }
    let text = reply["text"].as_str().or_else(|| reply["content"].as_str()).map(str::to_owned);
    let text = match text {
        Some(text) => text,
        None if media.is_empty() => reply.to_string(),
        None => String::new(),
    };
    (text, media)
}

fn refused(refusal: CallbackRefusal) -> Refusal {
    let message = refusal.to_string();
    match refusal {
        CallbackRefusal::Token(TokenRefusal::Unknown) => {
            Refusal::new(404, "UNKNOWN_TOKEN", message)
        }
        CallbackRefusal::Token(TokenRefusal::Expired) => {
            Refusal::new(410, "EXPIRED_TOKEN", message)
        }
        CallbackRefusal::Token(TokenRefusal::AlreadyUsed) => {
            Refusal::new(409, "USED_TOKEN", message)
        }
        CallbackRefusal::Busy => Refusal::new(429, "TOO_MANY_REQUESTS", message),
        CallbackRefusal::Stopping => Refusal::new(503, "STOPPING", message),
        CallbackRefusal::Store(error) => {
            tracing::error!(target: "ocg::callback", %error, "a callback could not be stored");
            Refusal::new(503, "STORE", message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: Value) -> (String, Vec<String>, bool, bool) {
        let reply = reply(body.to_string().as_bytes()).unwrap();
        (reply.text, reply.media, reply.is_error, reply.more)
    }

    #[test]
    fn replies_in_all_forms() {
        let text = |text: &str| (text.to_owned(), Vec::new(), false, false);
        assert_eq!(read(json!({"reply": "hi"})), text("hi"));
        assert_eq!(read(json!({"reply": {"text": "a", "content": "b"}})), text("a"));
        assert_eq!(read(json!({"reply": {"content": "b"}})), text("b"));
        assert_eq!(read(json!({"reply": {"x": 1}})), text(r#"{"x":1}"#));
        let media = json!({"reply": {"mediaUrl": "u", "mediaUrls": ["u", "v"]}, "isError": true, "final": false});
        assert_eq!(read(media), (String::new(), vec!["u".into(), "v".into()], true, true));
    }

    #[test]
    fn what_is_no_callback_is_refused() {
        let deep = "[".repeat(10_000);
        let bodies: [&[u8]; 7] = [
            b"",
            b"{",
            b"{}",
            b"{\"reply\": null}",
            b"{\"reply\": 1}",
            b"{\"reply\": \"\xff\"}",
            deep.as_bytes(),
        ];
        for body in bodies {
            assert_eq!(
                reply(body).unwrap_err().status,
                400,
                "{:?}",
                String::from_utf8_lossy(&body[..body.len().min(30)])
            );
        }
    }
}
