//! Idempotency keys: a request to send that is repeated is sent once.

use sha2::{Digest, Sha256};

/// A send request's idempotency key, with the body that it came with; both as SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SendKey {
    /// Hash of the key.
    pub key: [u8; 32],
    /// Hash of the request's body.
    pub body: [u8; 32],
}

impl SendKey {
    /// The key as its sender wrote it, and the raw body.
    pub fn of(key: &str, body: &[u8]) -> Self {
        Self { key: Sha256::digest(key.as_bytes()).into(), body: Sha256::digest(body).into() }
    }
}

/// What a send request was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendAnswer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownSend {
    /// Nothing: the request may be carried out, and is on record from now on.
    New,
    /// It was carried out.
    Answered(SendAnswer),
    /// It was begun, and its end is not on record: it may have been sent.
    Begun,
    /// It came with another body.
    OtherBody,
}
