//! Pairing without files, for embedded gateways that keep no state and for tests.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;

use super::pairing::{Challenge, PairingError, PairingRequest, PairingStore};
use super::pairing_book::PairingBook;
use crate::message::AccountKey;

/// Keeps pairing in memory: approvals are gone when the process ends.
#[derive(Debug, Default)]
pub struct PairingMemory {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    books: HashMap<String, PairingBook>,
    allowed: HashMap<AccountKey, BTreeSet<String>>,
}

impl PairingMemory {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError> {
        let mut kept = self.kept();
        kept.books
            .get_mut(channel)
            .and_then(|book| book.take(code, SystemTime::now()))
            .ok_or_else(|| PairingError::UnknownCode { channel: channel.into(), code: code.into() })
    }
}

#[async_trait]
impl PairingStore for PairingMemory {
    async fn allowed(&self, account: &AccountKey) -> Result<Vec<String>, PairingError> {
        Ok(self.kept().allowed.get(account).into_iter().flatten().cloned().collect())
    }

    async fn upsert(
        &self,
        account: &AccountKey,
        sender: &str,
        meta: BTreeMap<String, String>,
    ) -> Result<Challenge, PairingError> {
        let mut kept = self.kept();
        let book = kept.books.entry(account.channel.clone()).or_default();
        book.upsert(account, sender, meta, SystemTime::now())
    }

    async fn list(&self, channel: &str) -> Result<Vec<PairingRequest>, PairingError> {
        let kept = self.kept();
        Ok(kept.books.get(channel).map(|book| book.pending(SystemTime::now())).unwrap_or_default())
    }

    async fn approve(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError> {
        let request = self.take(channel, code)?;
        let account = AccountKey::new(channel, &request.account_id);
        self.kept().allowed.entry(account).or_default().insert(request.id.clone());
        Ok(request)
    }

    async fn deny(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError> {
        self.take(channel, code)
    }
}
