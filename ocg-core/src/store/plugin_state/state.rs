//! The file `plugins.sqlite`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rusqlite::{Connection, Result, Transaction, TransactionBehavior};

use super::{IngressQueue, KeyedLimits, KeyedStore};
use crate::store::StoreError;
use crate::store::sqlite::{Clock, Database, Place, failure, millis};

/// The schema, one step a file.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/plugins_0001_initial.sql")];

/// The state of all plugins.
pub struct PluginState {
    connection: Mutex<Connection>,
    place: Place,
    clock: Clock,
    kept_aside: Option<PathBuf>,
}

impl PluginState {
    /// Opens the file, which is made if it is not there. A damaged file is moved aside first.
    ///
    /// # Errors
    /// The file cannot be used: not writable, locked, of a newer version.
    pub fn open(path: &Path) -> Result<Arc<Self>, StoreError> {
        Self::at(Place::File(path.to_owned()), Arc::new(SystemTime::now))
    }

    /// State that ends with the process, with a clock of the caller's.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn in_memory(clock: Clock) -> Result<Arc<Self>, StoreError> {
        Self::at(Place::Memory, clock)
    }

    fn at(place: Place, clock: Clock) -> Result<Arc<Self>, StoreError> {
        let Database { connection, kept_aside } = Database::open(&place, &MIGRATIONS)?;
        connection
            .pragma_update(None, "synchronous", "NORMAL")
            .map_err(|error| failure(place.path(), &error))?;
        Ok(Arc::new(Self { connection: Mutex::new(connection), place, clock, kept_aside }))
    }

    /// Where a damaged file was moved to when the state was opened.
    pub fn kept_aside(&self) -> Option<&Path> {
        self.kept_aside.as_deref()
    }

    /// A keyed store. The same plugin and namespace give the same entries.
    pub fn keyed(
        self: &Arc<Self>,
        plugin: &str,
        namespace: &str,
        limits: KeyedLimits,
    ) -> KeyedStore {
        KeyedStore::new(Arc::clone(self), plugin, namespace, limits)
    }

    /// The ingress queue of one account.
    pub fn ingress(self: &Arc<Self>, channel: &str, account: &str) -> IngressQueue {
        IngressQueue::new(Arc::clone(self), channel, account)
    }

    pub(super) fn now(&self) -> i64 {
        millis((self.clock)())
    }

    /// Does `work` in one transaction that survives the process.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T, StoreError> {
        self.transact(false, work)
    }

    /// Does `work` in one transaction that survives a power failure.
    pub(super) fn write_durably<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T, StoreError> {
        self.transact(true, work)
    }

    fn transact<T>(
        &self,
        durable: bool,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transact = || {
            if durable {
                connection.pragma_update(None, "synchronous", "FULL")?;
            }
            let done = (|| {
                let transaction =
                    connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok(value)
            })();
            if durable {
                connection.pragma_update(None, "synchronous", "NORMAL")?;
            }
            done
        };
        transact().map_err(|error| failure(self.place.path(), &error))
    }

    /// Reads.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T, StoreError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        work(&connection).map_err(|error| failure(self.place.path(), &error))
    }
}
