//! The channels of a gateway; they may come and go while it runs.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::channel::Channel;

/// The channels by id.
#[derive(Default)]
pub(super) struct Channels(RwLock<BTreeMap<String, Arc<dyn Channel>>>);

impl Channels {
    pub(super) fn get(&self, id: &str) -> Option<Arc<dyn Channel>> {
        self.read().get(id).cloned()
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.read().keys().cloned().collect()
    }

    pub(super) fn all(&self) -> Vec<Arc<dyn Channel>> {
        self.read().values().cloned().collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    /// Adds a channel; `false` if there is one with its id already.
    pub(super) fn add(&self, channel: Arc<dyn Channel>) -> bool {
        let mut channels = self.write();
        let id = channel.id().to_owned();
        if channels.contains_key(&id) {
            return false;
        }
        channels.insert(id, channel);
        true
    }

    pub(super) fn remove(&self, id: &str) -> Option<Arc<dyn Channel>> {
        self.write().remove(id)
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, Arc<dyn Channel>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Arc<dyn Channel>>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
