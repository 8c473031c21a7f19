//! Idempotency keys of send requests: the same key with the same body is sent once.
//!
//! The store knows them for a day, over restarts. Here are those that are being carried out:
//! whoever repeats one of these waits for its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use ocg_core::store::SendKey;
use serde_json::Value;
use tokio::sync::OnceCell;

/// What a request is answered with, once it is.
pub(crate) type Answered = Arc<OnceCell<(StatusCode, Value)>>;

/// By the key, the body that it came with and its answer.
type Keys = HashMap<[u8; 32], ([u8; 32], Answered)>;

/// Keys of requests in progress.
#[derive(Default)]
pub(crate) struct SentKeys {
    keys: Mutex<Keys>,
}

impl SentKeys {
    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of the answer to this request; `None` if its key is in use with another body.
    pub(crate) fn place(&self, send: SendKey) -> Option<Answered> {
        let mut keys = self.keys();
        let (body, answered) =
            keys.entry(send.key).or_insert_with(|| (send.body, Answered::default()));
        (*body == send.body).then(|| Arc::clone(answered))
    }

    /// Leaves the request to the store, now that it is answered.
    pub(crate) fn leave(&self, send: SendKey, place: &Answered) {
        let mut keys = self.keys();
        if keys.get(&send.key).is_some_and(|(_, answered)| Arc::ptr_eq(answered, place)) {
            keys.remove(&send.key);
        }
    }
}
