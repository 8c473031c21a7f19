//! Idempotency keys of send requests: the same key with the same body is sent once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

/// Keys that are remembered, the latest ones, until the process ends.
const CAPACITY: usize = 10_000;

/// What a request was answered with.
pub(crate) type Answered = Arc<OnceCell<(StatusCode, Value)>>;

/// The keys and their answers.
#[derive(Default)]
pub(crate) struct SentKeys {
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    known: HashMap<String, ([u8; 32], Answered)>,
    order: VecDeque<String>,
}

impl SentKeys {
    /// The place of the answer to this key; `None` if the key came with another body before.
    pub(crate) fn place(&self, key: &str, body: &[u8]) -> Option<Answered> {
        let digest: [u8; 32] = Sha256::digest(body).into();
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, answered)) = keys.known.get(key) {
            return (*known == digest).then(|| Arc::clone(answered));
        }
        if keys.order.len() >= CAPACITY
            && let Some(oldest) = keys.order.pop_front()
        {
            keys.known.remove(&oldest);
        }
        let answered = Answered::default();
        keys.known.insert(key.to_owned(), (digest, Arc::clone(&answered)));
        keys.order.push_back(key.to_owned());
        Some(answered)
    }

    /// Forgets a key whose request sent nothing, so that it can be tried again.
    pub(crate) fn forget(&self, key: &str) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.known.remove(key);
        keys.order.retain(|known| known != key);
    }
}
