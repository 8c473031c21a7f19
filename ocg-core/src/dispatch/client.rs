//! The HTTP client for agents.

use std::time::Duration;

use crate::http::{HttpError, HttpSettings};

/// An address that does not react is given up after this time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// A client with one pool of connections. Redirects are not followed: they would carry the message
/// to an address that nobody configured.
pub(super) fn build(http: &HttpSettings) -> Result<reqwest::Client, HttpError> {
    http.client_builder()?
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .build()
        .map_err(HttpError::Client)
}
