//! One call's way through the fake: record, misbehave if asked to, check, act.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::endpoint::Endpoint;
use super::fault::Fault;
use super::rules::{self, Refusal, malformed};
use super::state::State;
use super::{login, media, sending, typing, updates};
use crate::Watched;
use crate::http::{self, App, HangUp, Reply};

/// A call that reached the fake.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// When it arrived.
    pub at: Instant,
    /// Which call.
    pub endpoint: Endpoint,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Query parameters, decoded.
    pub query: BTreeMap<String, String>,
    /// JSON body; null for the CDN and for GET.
    pub body: Value,
}

/// The HTTP side of the fake.
pub(super) struct Front(pub(super) Watched<State>);

impl App for Front {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Reply, HangUp> {
        let (parts, body) = request.into_parts();
        let bytes = body.collect().await.map_err(|_| HangUp)?.to_bytes();
        let Some(endpoint) = Endpoint::of(&parts.method, parts.uri.path()) else {
            let what = format!("no such call: {} {}", parts.method, parts.uri.path());
            return Ok(refuse(&self.0, Refusal { status: 404, reason: what }));
        };
        let call = Call::read(endpoint, &parts, bytes);
        let (fault, strict) = self.0.read(|s| (!s.faults.is_empty(), s.settings.strict));
        if strict {
            self.0.change(|s| s.requests.push(call.record(&parts)));
        }
        let fault = if fault { self.0.change(|s| s.fault(endpoint)) } else { None };
        match &fault {
            Some(Fault::Drop) => return Err(HangUp),
            Some(Fault::Slow(delay)) => tokio::time::sleep(*delay).await,
            Some(fault) => {
                if let Some(reply) = fault.reply() {
                    return Ok(reply);
                }
            }
            None => {}
        }
        let checked = match strict {
            true => {
                self.0.read(|s| rules::check(endpoint, &parts.headers, &call.body, &s.settings))
            }
            false => Ok(()),
        };
        let acted = match checked {
            Ok(()) => act(&self.0, call).await,
            Err(refusal) => Err(refusal),
        };
        if fault == Some(Fault::DropAfter) {
            return Err(HangUp);
        }
        Ok(acted.unwrap_or_else(|refusal| refuse(&self.0, refusal)))
    }
}

/// A call, read.
struct Call {
    endpoint: Endpoint,
    query: BTreeMap<String, String>,
    body: Value,
    bytes: Bytes,
}

impl Call {
    fn read(endpoint: Endpoint, parts: &Parts, bytes: Bytes) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Self { endpoint, query, body, bytes }
    }

    fn record(&self, parts: &Parts) -> Recorded {
        let headers = parts.headers.iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        Recorded {
            at: Instant::now(),
            endpoint: self.endpoint,
            headers: headers.collect(),
            query: self.query.clone(),
            body: self.body.clone(),
        }
    }

    fn parameter(&self, name: &str) -> Result<&str, Refusal> {
        let value = self.query.get(name).map(String::as_str);
        value.ok_or_else(|| malformed(format!("query parameter {name} is missing")))
    }
}

async fn act(state: &Watched<State>, call: Call) -> Result<Reply, Refusal> {
    let body = &call.body;
    let answer = match call.endpoint {
        Endpoint::GetUpdates => updates::get_updates(state, body).await?,
        Endpoint::SendMessage => state.change(|s| sending::send_message(s, body))?,
        Endpoint::GetUploadUrl => state.change(|s| media::get_upload_url(s, body))?,
        Endpoint::GetConfig => state.read(|s| typing::get_config(s, body))?,
        Endpoint::SendTyping => state.change(|s| typing::send_typing(s, body))?,
        Endpoint::NotifyStart | Endpoint::NotifyStop => json!({"ret": 0}),
        Endpoint::GetBotQrcode => {
            let bot_type = call.parameter("bot_type")?;
            state.change(|s| login::new_code(s, bot_type, body))?
        }
        Endpoint::GetQrcodeStatus => {
            let code = call.query.get("verify_code").map(String::as_str);
            login::status(state, call.parameter("qrcode")?, code).await?
        }
        Endpoint::CdnUpload => {
            let (param, filekey) =
                (call.parameter("encrypted_query_param")?, call.parameter("filekey")?);
            let download =
                state.change(|s| media::upload(s, param, filekey, call.bytes.clone()))?;
            let mut reply = http::reply(200, "text/plain", "");
            reply.headers_mut().insert("x-encrypted-param", download.parse().unwrap());
            return Ok(reply);
        }
        Endpoint::CdnDownload => {
            let param = call.parameter("encrypted_query_param")?;
            let ciphertext = state.read(|s| media::download(s, param))?;
            return Ok(http::reply(200, "application/octet-stream", ciphertext));
        }
    };
    Ok(http::json(200, &answer))
}

fn refuse(state: &Watched<State>, refusal: Refusal) -> Reply {
    let answer = json!({"ret": -2, "errcode": -2, "errmsg": refusal.reason});
    state.change(|s| s.violations.push(refusal.reason));
    http::json(refusal.status, &answer)
}
