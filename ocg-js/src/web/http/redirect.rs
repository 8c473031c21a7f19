//! What a redirect makes of a request (Fetch standard, "HTTP-redirect fetch").

use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION,
    CONTENT_TYPE, COOKIE, HOST, HeaderMap, LOCATION, PROXY_AUTHORIZATION,
};
use reqwest::{Method, Response, StatusCode, Url};

use super::failure::HttpFailure;

/// As browsers and Node: the 21st redirect is an error.
pub(crate) const MAX_REDIRECTS: usize = 20;

/// How a request treats redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RedirectMode {
    Follow,
    Manual,
    Error,
}

impl RedirectMode {
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "manual" => Self::Manual,
            "error" => Self::Error,
            _ => Self::Follow,
        }
    }
}

/// Where the response sends us, if it does.
pub(crate) fn target(response: &Response) -> Result<Option<Url>, HttpFailure> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
    let location = String::from_utf8_lossy(location.as_bytes()).into_owned();
    let target = response.url().join(&location).ok();
    match target.filter(|url| matches!(url.scheme(), "http" | "https")) {
        Some(url) => Ok(Some(url)),
        None => Err(HttpFailure::Invalid(format!("invalid redirect to {location:?}"))),
    }
}

/// Changes method and headers for the next request; whether its body goes along.
pub(crate) fn adapt(
    status: StatusCode,
    from: &Url,
    to: &Url,
    method: &mut Method,
    headers: &mut HeaderMap,
) -> bool {
    let to_get = match status.as_u16() {
        301 | 302 => *method == Method::POST,
        303 => *method != Method::GET && *method != Method::HEAD,
        _ => false,
    };
    if to_get {
        *method = Method::GET;
        for name in
            [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION]
        {
            headers.remove(name);
        }
    }
    if from.origin() != to.origin() {
        for name in [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, HOST] {
            headers.remove(name);
        }
    }
    !to_get
}
