//! What every call must look like. A call that breaks a rule is refused and noted.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::HeaderMap;
use serde_json::Value;

use super::endpoint::Endpoint;
use super::state::Settings;

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// HTTP status of the answer.
    pub status: u16,
    /// What was wrong.
    pub reason: String,
}

/// The call is not from this bot.
pub(super) fn unauthorised(reason: impl Into<String>) -> Refusal {
    Refusal { status: 401, reason: reason.into() }
}

/// The call is not shaped as the API wants it.
pub(super) fn malformed(reason: impl Into<String>) -> Refusal {
    Refusal { status: 400, reason: reason.into() }
}

/// The call is well shaped and not allowed: `ret` is not 0 in an HTTP 200.
pub(super) fn forbidden(reason: impl Into<String>) -> Refusal {
    Refusal { status: 200, reason: reason.into() }
}

/// The string `name` of `value`, which must be there.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    value[name]
        .as_str()
        .ok_or_else(|| malformed(format!("{name} is not a string: {}", value[name])))
}

/// The whole number `name` of `value`, which must be there.
pub(super) fn number(value: &Value, name: &str) -> Result<u64, Refusal> {
    value[name]
        .as_u64()
        .ok_or_else(|| malformed(format!("{name} is not a number: {}", value[name])))
}

/// Checks headers and the common parts of the body.
pub(super) fn check(
    endpoint: Endpoint,
    headers: &HeaderMap,
    body: &Value,
    settings: &Settings,
) -> Result<(), Refusal> {
    match endpoint {
        Endpoint::CdnUpload => return expect(headers, "content-type", "application/octet-stream"),
        Endpoint::CdnDownload => return Ok(()),
        Endpoint::GetQrcodeStatus => return app_headers(headers),
        _ => {}
    }
    app_headers(headers)?;
    expect(headers, "content-type", "application/json")?;
    expect(headers, "authorizationtype", "ilink_bot_token")?;
    wechat_uin(headers)?;
    if endpoint == Endpoint::GetBotQrcode {
        return if body["local_token_list"].is_array() {
            Ok(())
        } else {
            Err(malformed("local_token_list is not a list"))
        };
    }
    let bearer = format!("Bearer {}", settings.token);
    if header(headers, "authorization") != bearer {
        return Err(unauthorised("authorization is not this bot's bearer token"));
    }
    text(&body["base_info"], "channel_version")?;
    let agent = text(&body["base_info"], "bot_agent")?;
    if !agent.is_ascii() || agent.len() > 256 {
        return Err(malformed(format!("bot_agent is not short ASCII: {agent:?}")));
    }
    Ok(())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn expect(headers: &HeaderMap, name: &str, wanted: &str) -> Result<(), Refusal> {
    let found = header(headers, name);
    if found == wanted {
        return Ok(());
    }
    Err(malformed(format!("{name} is {found:?}, not {wanted:?}")))
}

fn app_headers(headers: &HeaderMap) -> Result<(), Refusal> {
    expect(headers, "ilink-app-id", "bot")?;
    let version = header(headers, "ilink-app-clientversion");
    match version.parse::<u32>() {
        // 0x00MMNNPP of a release.
        Ok(version) if version > 0 && version >> 24 == 0 => Ok(()),
        _ => Err(malformed(format!("ilink-app-clientversion is {version:?}"))),
    }
}

/// base64 of a decimal uint32.
fn wechat_uin(headers: &HeaderMap) -> Result<(), Refusal> {
    let encoded = header(headers, "x-wechat-uin");
    let decoded = BASE64_STANDARD.decode(encoded).ok().and_then(|b| String::from_utf8(b).ok());
    match decoded.and_then(|decimal| decimal.parse::<u32>().ok()) {
        Some(_) => Ok(()),
        None => Err(malformed(format!("x-wechat-uin is {encoded:?}"))),
    }
}
