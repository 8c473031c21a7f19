//! An agent's answer with another status than 200, as an error.

use std::time::{Duration, SystemTime};

use futures::StreamExt;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::completion;
use super::{AgentError, AgentErrorKind, AgentSettings};

/// No more of a body is read in search of a message.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// Nor for longer.
const BODY_TIME: Duration = Duration::from_secs(5);
/// Characters of the agent's message that are shown to the operator.
const MAX_MESSAGE_CHARS: usize = 200;

/// The error that this response is.
pub(super) async fn error(response: Response, agent: &AgentSettings) -> AgentError {
    let status = response.status();
    let headers = response.headers().clone();
    let body = body(response).await;
    let message = serde_json::from_slice::<Value>(&body)
        .ok()
        .and_then(|value| completion::message_in(&value))
        .and_then(|message| excerpt(&message, agent));
    let kind = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => AgentErrorKind::Unauthorized,
        StatusCode::TOO_MANY_REQUESTS => AgentErrorKind::RateLimited,
        status => AgentErrorKind::Status(status.as_u16()),
    };
    let message = message.map(|message| format!(" ({message})")).unwrap_or_default();
    let retry_after = retry_after(&headers, SystemTime::now());
    let detail = format!(
        "agent {} answered {status}{message}; {}",
        agent.display_url(),
        advice(status, &headers, agent, retry_after)
    );
    AgentError { kind, detail, retry_after }
}

fn advice(
    status: StatusCode,
    headers: &HeaderMap,
    agent: &AgentSettings,
    retry_after: Option<Duration>,
) -> String {
    match status.as_u16() {
        401 | 403 if agent.api_key.is_none() => "set \"apiKey\"".to_owned(),
        401 | 403 => "check \"apiKey\" and what it may use".to_owned(),
        404 => format!(
            "check the path in \"agentUrl\" and that the model {:?} exists there",
            agent.model
        ),
        400 | 422 => format!("check that the model {:?} takes such a request", agent.model),
        413 => "the message is too long for it; lower \"history.maxTurns\"".to_owned(),
        429 => match retry_after {
            Some(pause) => format!("it asks for a pause of {} s", pause.as_secs()),
            None => "it is asked too often; lower \"maxConcurrentTurns\" or wait".to_owned(),
        },
        300..=399 => match headers.get(LOCATION).and_then(|to| to.to_str().ok()) {
            Some(to) => {
                let to = to.split(['?', '#']).next().unwrap_or_default();
                format!("redirects are not followed; set \"agentUrl\" to where it points ({to})")
            }
            None => "redirects are not followed; correct \"agentUrl\"".to_owned(),
        },
        500..=599 => "look into the agent's own log".to_owned(),
        _ => "check \"agentUrl\"".to_owned(),
    }
}

/// The start of the body; a body that does not come is an empty one.
async fn body(response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    let read = async {
        while let Some(Ok(bytes)) = stream.next().await {
            body.extend_from_slice(&bytes);
            if body.len() >= MAX_BODY_BYTES {
                break;
            }
        }
    };
    // What came in time is enough for a message.
    let _ = tokio::time::timeout(BODY_TIME, read).await;
    body
}

/// `Retry-After` in either of its forms (RFC 9110 §10.2.3).
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
}

/// A message of the agent for the operator: short, on one line, without anything that may be a
/// key. `None` when nothing is left.
pub(super) fn excerpt(message: &str, agent: &AgentSettings) -> Option<String> {
    let mut message = message.to_owned();
    let secrets = agent.api_key.iter().chain(agent.headers.values());
    for secret in secrets.map(ExposeSecret::expose_secret).filter(|secret| !secret.is_empty()) {
        message = message.replace(secret, "***");
    }
    let words: Vec<&str> = message
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| if may_be_secret(word) { "***" } else { word })
        .collect();
    let message = words.join(" ");
    let mut short: String = message.chars().take(MAX_MESSAGE_CHARS).collect();
    if short.len() < message.len() {
        short.push('…');
    }
    (!short.is_empty()).then_some(short)
}

/// Keys are long words of letters and digits; addresses may carry one.
fn may_be_secret(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let long = core.len() >= 20
        && core.bytes().any(|byte| byte.is_ascii_digit())
        && core.bytes().any(|byte| byte.is_ascii_alphabetic());
    long || word.contains("://") || core.starts_with("sk-") || word.contains("***")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(value: &str) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        retry_after(&headers, now).map(|pause| pause.as_secs())
    }

    #[test]
    fn retry_after_in_seconds_or_as_a_date() {
        assert_eq!(seconds("7"), Some(7));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:07 GMT"), Some(30));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-1"), None);
    }
}
