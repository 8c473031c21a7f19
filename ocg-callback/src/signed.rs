//! Whether a request proves that its sender knows the secret.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use ocg_core::http::signature::{
    Claim, ID_HEADER, SIGNATURE_HEADER, SIGNATURES_HEADER, Signer, TIMESTAMP_HEADER,
};

use crate::answer::Refusal;

/// Checks the signature over the raw body, before anything else of the request is looked at.
pub(crate) fn check(signer: &Signer, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let header = |name: &str| headers.get(name).map(|value| value.as_bytes());
    let claim = Claim {
        signature: header(SIGNATURE_HEADER),
        id: header(ID_HEADER),
        timestamp: header(TIMESTAMP_HEADER),
        signatures: header(SIGNATURES_HEADER),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    if signer.verify(&claim, body, now.as_secs()) {
        return Ok(());
    }
    Err(Refusal::new(
        401,
        "UNAUTHORIZED",
        "the signature is missing or wrong: send X-OCG-Signature: sha256=<hex HMAC-SHA256 of the body>",
    ))
}
