//! The running accounts of a plugin and their way into the gateway.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ocg_core::gateway::AccountLink;
use ocg_core::message::AccountKey;

/// Links of the accounts that are running now.
#[derive(Clone, Default)]
pub(super) struct Links(Arc<Mutex<HashMap<AccountKey, AccountLink>>>);

impl Links {
    /// Makes `link` the account's way in for as long as the returned guard lives.
    pub(super) fn open(&self, link: AccountLink) -> OpenLink {
        let key = link.key().clone();
        self.lock().insert(key.clone(), link);
        OpenLink { links: self.clone(), key }
    }

    /// The link of a running account.
    pub(super) fn get(&self, key: &AccountKey) -> Option<AccountLink> {
        self.lock().get(key).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AccountKey, AccountLink>> {
        // Every critical section is one map operation: a poisoned map is still whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes its link when dropped.
pub(super) struct OpenLink {
    links: Links,
    key: AccountKey,
}

impl Drop for OpenLink {
    fn drop(&mut self) {
        self.links.lock().remove(&self.key);
    }
}
