//! The headers of a request to an agent.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;

use super::{AgentError, AgentErrorKind, DispatchRequest};

/// The request's headers. Those of the configuration go before all others.
pub(super) fn headers(
    request: &DispatchRequest,
    accept: &'static str,
) -> Result<HeaderMap, AgentError> {
    let agent = &request.agent;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    // Chat addresses may hold anything; a header cannot hold control characters.
    let target: String = request.message.from.chars().filter(|c| !c.is_control()).collect();
    if let Ok(target) = HeaderValue::from_bytes(target.as_bytes()) {
        headers.insert(HeaderName::from_static("x-ocg-target"), target);
    }
    if let Some(key) = &agent.api_key {
        let bearer = format!("Bearer {}", key.expose_secret());
        headers.insert(AUTHORIZATION, secret_value("apiKey", &bearer)?);
    }
    for (name, value) in &agent.headers {
        let key = format!("headers.{name}");
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| unusable(&key, "is no name of an HTTP header"))?;
        headers.insert(name, secret_value(&key, value.expose_secret())?);
    }
    Ok(headers)
}

fn secret_value(key: &str, value: &str) -> Result<HeaderValue, AgentError> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| unusable(key, "has characters that no HTTP header can carry"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn unusable(key: &str, why: &str) -> AgentError {
    AgentError::new(AgentErrorKind::Other, format!("the setting {key:?} {why}; correct it"))
}
