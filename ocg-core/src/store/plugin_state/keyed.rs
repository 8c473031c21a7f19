//! Keyed stores (`state.openKeyedStore`).

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde::Serialize;

use super::PluginState;
use crate::store::StoreError;

/// What happens to a new key when the store is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overflow {
    /// The entry that was written longest ago makes room.
    #[default]
    EvictOldest,
    /// The new key is refused.
    RejectNew,
}

/// Limits of a keyed store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyedLimits {
    /// Entries that it holds; `None` without a limit (`retention: "retained"`).
    pub max_entries: Option<usize>,
    /// How long an entry lives unless its writer says otherwise, in milliseconds.
    pub default_ttl_ms: Option<i64>,
    /// What happens to a new key when it is full.
    pub overflow: Overflow,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyedEntry {
    /// Its key.
    pub key: String,
    /// Its value, in JSON.
    pub value: String,
    /// When it was written, in milliseconds since 1970.
    pub created_at: i64,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// A value with what tells it from any other state of the same key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Observation {
    /// The value, in JSON; `None` where there is no live entry.
    pub value: Option<String>,
    /// Opaque; given back to [`KeyedStore::compare_and_apply`].
    pub comparison: String,
}

/// What is to become of an observed key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// It gets this value, in JSON.
    Set {
        /// The value.
        value: String,
        /// As for [`KeyedStore::register`].
        ttl_ms: Option<i64>,
    },
    /// It stays as it is.
    Keep,
    /// It is removed.
    Delete,
}

/// What became of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It was done.
    Applied,
    /// There was nothing to do.
    Unchanged,
    /// The key has changed since it was observed.
    Conflict(Observation),
}

/// A keyed store that did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyedStoreError {
    /// It is full and refuses new keys.
    #[error("the store '{namespace}' is full ({max} entries)")]
    LimitExceeded {
        /// The namespace.
        namespace: String,
        /// Its limit.
        max: usize,
    },
    /// The file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Values by key, in JSON, with an end and a limit.
#[derive(Clone)]
pub struct KeyedStore {
    state: Arc<PluginState>,
    plugin: String,
    namespace: String,
    limits: KeyedLimits,
}

const COLUMNS: &str = "revision, key, value, created_at, expires_at";

struct Found {
    revision: i64,
    entry: KeyedEntry,
}

fn found(row: &Row<'_>) -> Result<Found> {
    let (key, value) = (row.get(1)?, row.get(2)?);
    let entry = KeyedEntry { key, value, created_at: row.get(3)?, expires_at: row.get(4)? };
    Ok(Found { revision: row.get(0)?, entry })
}

impl KeyedStore {
    pub(super) fn new(
        state: Arc<PluginState>,
        plugin: &str,
        namespace: &str,
        limits: KeyedLimits,
    ) -> Self {
        Self { state, plugin: plugin.to_owned(), namespace: namespace.to_owned(), limits }
    }

    /// Writes an entry, in place of an older one. `ttl_ms` overrides the store's default.
    pub fn register(
        &self,
        key: &str,
        value: &str,
        ttl_ms: Option<i64>,
    ) -> Result<(), KeyedStoreError> {
        let now = self.state.now();
        let written = self.state.write(|db| self.put(db, key, value, ttl_ms, now))?;
        self.accepted(written)
    }

    /// Writes an entry unless there is a live one; says whether it did.
    pub fn register_if_absent(
        &self,
        key: &str,
        value: &str,
        ttl_ms: Option<i64>,
    ) -> Result<bool, KeyedStoreError> {
        let now = self.state.now();
        let written = self.state.write(|db| match self.find(db, key, now)? {
            Some(_) => Ok(None),
            None => self.put(db, key, value, ttl_ms, now).map(Some),
        })?;
        match written {
            None => Ok(false),
            Some(written) => self.accepted(written).map(|()| true),
        }
    }

    /// The value of a key.
    pub fn lookup(&self, key: &str) -> Result<Option<String>, KeyedStoreError> {
        let now = self.state.now();
        let found = self.state.read(|db| self.find(db, key, now))?;
        Ok(found.map(|found| found.entry.value))
    }

    /// Removes an entry and gives its value.
    pub fn consume(&self, key: &str) -> Result<Option<String>, KeyedStoreError> {
        let now = self.state.now();
        let found = self.state.write(|db| {
            let found = self.find(db, key, now)?;
            self.remove(db, key)?;
            Ok(found)
        })?;
        Ok(found.map(|found| found.entry.value))
    }

    /// Removes an entry; says whether there was a live one.
    pub fn delete(&self, key: &str) -> Result<bool, KeyedStoreError> {
        Ok(self.consume(key)?.is_some())
    }

    /// All live entries, in the order in which they were written.
    pub fn entries(&self) -> Result<Vec<KeyedEntry>, KeyedStoreError> {
        let now = self.state.now();
        Ok(self.state.read(|db| {
            let mut rows = db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM entries WHERE plugin = ? AND namespace = ? \
                 AND (expires_at IS NULL OR expires_at > ?) ORDER BY revision"
            ))?;
            let rows = rows.query_map(params![self.plugin, self.namespace, now], found)?;
            rows.map(|row| row.map(|found| found.entry)).collect()
        })?)
    }

    /// How many live entries there are.
    pub fn count(&self) -> Result<usize, KeyedStoreError> {
        let now = self.state.now();
        Ok(self.state.read(|db| self.size(db, now))?)
    }

    /// Removes all entries.
    pub fn clear(&self) -> Result<(), KeyedStoreError> {
        self.state.write(|db| {
            db.prepare_cached("DELETE FROM entries WHERE plugin = ? AND namespace = ?")?
                .execute(params![self.plugin, self.namespace])
        })?;
        Ok(())
    }

    /// The value of a key, to be compared later.
    pub fn observe(&self, key: &str) -> Result<Observation, KeyedStoreError> {
        let now = self.state.now();
        Ok(self.state.read(|db| self.look(db, key, now))?)
    }

    /// Does what `intent` says if the key is as it was observed. This is what `update` and
    /// `deleteIf` are made of: observe, ask the plugin, apply.
    pub fn compare_and_apply(
        &self,
        key: &str,
        comparison: &str,
        intent: Intent,
    ) -> Result<Applied, KeyedStoreError> {
        let now = self.state.now();
        let applied = self.state.write(|db| {
            let current = self.look(db, key, now)?;
            if current.comparison != comparison {
                return Ok(Ok(Applied::Conflict(current)));
            }
            Ok(match intent {
                Intent::Keep => Ok(Applied::Unchanged),
                Intent::Delete if current.value.is_none() => Ok(Applied::Unchanged),
                Intent::Delete => {
                    self.remove(db, key)?;
                    Ok(Applied::Applied)
                }
                Intent::Set { value, ttl_ms } => {
                    let written = self.put(db, key, &value, ttl_ms, now)?;
                    if written { Ok(Applied::Applied) } else { Err(()) }
                }
            })
        })?;
        applied.map_err(|()| self.full())
    }

    fn accepted(&self, written: bool) -> Result<(), KeyedStoreError> {
        if written { Ok(()) } else { Err(self.full()) }
    }

    fn full(&self) -> KeyedStoreError {
        let max = self.limits.max_entries.unwrap_or(usize::MAX);
        KeyedStoreError::LimitExceeded { namespace: self.namespace.clone(), max }
    }

    fn find(&self, db: &Connection, key: &str, now: i64) -> Result<Option<Found>> {
        db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM entries WHERE plugin = ? AND namespace = ? AND key = ? \
             AND (expires_at IS NULL OR expires_at > ?)"
        ))?
        .query_row(params![self.plugin, self.namespace, key, now], found)
        .optional()
    }

    fn look(&self, db: &Connection, key: &str, now: i64) -> Result<Observation> {
        let found = self.find(db, key, now)?;
        let comparison = found.as_ref().map_or(0, |found| found.revision).to_string();
        Ok(Observation { value: found.map(|found| found.entry.value), comparison })
    }

    fn remove(&self, db: &Connection, key: &str) -> Result<()> {
        db.prepare_cached("DELETE FROM entries WHERE plugin = ? AND namespace = ? AND key = ?")?
            .execute(params![self.plugin, self.namespace, key])?;
        Ok(())
    }

    fn size(&self, db: &Connection, now: i64) -> Result<usize> {
        let count: i64 = db
            .prepare_cached(
                "SELECT count(*) FROM entries WHERE plugin = ? AND namespace = ? \
                 AND (expires_at IS NULL OR expires_at > ?)",
            )?
            .query_row(params![self.plugin, self.namespace, now], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Writes an entry; `false` if the store is full and refuses it.
    fn put(
        &self,
        db: &Connection,
        key: &str,
        value: &str,
        ttl_ms: Option<i64>,
        now: i64,
    ) -> Result<bool> {
        db.prepare_cached("DELETE FROM entries WHERE expires_at <= ?")?.execute([now])?;
        self.remove(db, key)?;
        if let Some(max) = self.limits.max_entries {
            let size = self.size(db, now)?;
            if size >= max.max(1) {
                if self.limits.overflow == Overflow::RejectNew {
                    return Ok(false);
                }
                db.prepare_cached(
                    "DELETE FROM entries WHERE revision IN (SELECT revision FROM entries \
                     WHERE plugin = ? AND namespace = ? ORDER BY revision LIMIT ?)",
                )?
                .execute(params![
                    self.plugin,
                    self.namespace,
                    (size + 1 - max.max(1)) as i64
                ])?;
            }
        }
        let expires = ttl_ms.or(self.limits.default_ttl_ms).map(|ttl| now.saturating_add(ttl));
        db.prepare_cached(
            "INSERT INTO entries (plugin, namespace, key, value, created_at, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![self.plugin, self.namespace, key, value, now, expires])?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn store(limits: KeyedLimits) -> (KeyedStore, Arc<AtomicU64>) {
        let seconds = Arc::new(AtomicU64::new(1_000));
        let told = Arc::clone(&seconds);
        let clock =
            Arc::new(move || UNIX_EPOCH + Duration::from_secs(told.load(Ordering::Relaxed)));
        (PluginState::in_memory(clock).unwrap().keyed("plugin", "space", limits), seconds)
    }

    fn limits(max: usize, overflow: Overflow) -> KeyedLimits {
        KeyedLimits { max_entries: Some(max), default_ttl_ms: Some(10_000), overflow }
    }

    #[test]
    fn an_entry_is_written_read_consumed_and_gone() {
        let (store, _) = store(limits(10, Overflow::EvictOldest));
        assert!(store.register_if_absent("a", "1", None).unwrap());
        assert!(!store.register_if_absent("a", "2", None).unwrap());
        assert_eq!(store.lookup("a").unwrap().as_deref(), Some("1"));
        assert_eq!(store.consume("a").unwrap().as_deref(), Some("1"));
        assert_eq!(store.consume("a").unwrap(), None);
        assert!(!store.delete("a").unwrap());
    }

    #[test]
    fn stores_do_not_see_each_other() {
        let (store, _) = store(limits(10, Overflow::EvictOldest));
        let other = store.state.keyed("other", "space", store.limits);
        let aside = store.state.keyed("plugin", "aside", store.limits);
        store.register("a", "1", None).unwrap();
        assert_eq!((other.count().unwrap(), aside.count().unwrap()), (0, 0));
        other.clear().unwrap();
        assert_eq!(store.count().unwrap(), 1);
    }

    #[test]
    fn an_entry_ends_at_its_time() {
        let (store, seconds) = store(limits(10, Overflow::EvictOldest));
        store.register("default", "1", None).unwrap();
        store.register("longer", "2", Some(20_000)).unwrap();
        seconds.fetch_add(10, Ordering::Relaxed);
        assert_eq!(store.lookup("default").unwrap(), None);
        assert!(store.register_if_absent("default", "3", None).unwrap());
        let keys: Vec<_> = store.entries().unwrap().into_iter().map(|entry| entry.key).collect();
        assert_eq!(keys, ["longer", "default"]);
    }

    #[test]
    fn a_full_store_evicts_or_refuses() {
        let (evicts, _) = store(limits(2, Overflow::EvictOldest));
        let (refuses, _) = store(limits(2, Overflow::RejectNew));
        for key in ["a", "b"] {
            evicts.register(key, "1", None).unwrap();
            refuses.register(key, "1", None).unwrap();
        }
        evicts.register("c", "1", None).unwrap();
        assert_eq!((evicts.lookup("a").unwrap(), evicts.count().unwrap()), (None, 2));
        let refused = refuses.register("c", "1", None).unwrap_err();
        assert_eq!(refused.to_string(), "the store 'space' is full (2 entries)");
        refuses.register("a", "2", None).unwrap();
        assert_eq!(refuses.lookup("a").unwrap().as_deref(), Some("2"));
    }

    #[test]
    fn an_intent_applies_only_to_what_was_observed() {
        let (store, _) = store(limits(10, Overflow::EvictOldest));
        let set = |value: &str| Intent::Set { value: value.into(), ttl_ms: None };
        let absent = store.observe("a").unwrap();
        let applied = store.compare_and_apply("a", &absent.comparison, set("1")).unwrap();
        assert_eq!(applied, Applied::Applied);
        // The same value, written again, is another state.
        let one = store.observe("a").unwrap();
        store.register("a", "1", None).unwrap();
        let conflict = store.compare_and_apply("a", &one.comparison, Intent::Delete).unwrap();
        let Applied::Conflict(current) = conflict else { panic!("{conflict:?}") };
        assert_eq!(current.value.as_deref(), Some("1"));
        let kept = store.compare_and_apply("a", &current.comparison, Intent::Keep).unwrap();
        assert_eq!(kept, Applied::Unchanged);
        let gone = store.compare_and_apply("a", &current.comparison, Intent::Delete).unwrap();
        assert_eq!((gone, store.lookup("a").unwrap()), (Applied::Applied, None));
    }
}
