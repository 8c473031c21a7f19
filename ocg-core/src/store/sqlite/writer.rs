//! The one connection that writes, on a thread of its own, and group commit.
//!
//! Whatever waits when the thread comes to look goes into one transaction: under load, many calls
//! share one `fsync`. A transaction in which nothing is durable is committed without `fsync`
//! (`synchronous=NORMAL`): it is in the system's hands at once, so that the death of the process
//! takes nothing, and reaches the disk with the next durable one, which follows it in the log.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, Result};
use tokio::sync::{mpsc, oneshot};

use super::{Place, failure};
use crate::store::{StoreError, StoreHealth};

/// Calls that may wait; then callers do.
const QUEUE: usize = 1024;
/// Calls in one transaction.
const BATCH: usize = 256;

/// How much a call asks of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// It only reads.
    Read,
    /// Its effect must survive the process.
    Write,
    /// Its effect must survive a power failure.
    Durable,
}

/// A call that waits for the connection.
trait Job: Send {
    fn need(&self) -> Need;
    /// Does the work inside the transaction; what fails is undone.
    fn run(&mut self, connection: &Connection, path: &Path) -> Result<(), StoreError>;
    /// Hands the result to the caller, or the reason why the transaction failed.
    fn finish(self: Box<Self>, committed: &Result<(), StoreError>);
}

struct Call<T, W> {
    need: Need,
    work: Option<W>,
    result: Option<Result<T, StoreError>>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, W: FnOnce(&Connection) -> Result<T> + Send> Job for Call<T, W> {
    fn need(&self) -> Need {
        self.need
    }

    fn run(&mut self, connection: &Connection, path: &Path) -> Result<(), StoreError> {
        let work = self.work.take().ok_or(StoreError::Closed)?;
        let result = work(connection).map_err(|error| failure(path, &error));
        let failed = result.as_ref().err().cloned();
        self.result = Some(result);
        failed.map_or(Ok(()), Err)
    }

    fn finish(self: Box<Self>, committed: &Result<(), StoreError>) {
        let result = match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.clone()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(StoreError::Closed),
        };
        // A caller that went away does not undo what it asked for.
        let _ = self.caller.send(result);
    }
}

/// The database at work.
struct Desk {
    connection: Connection,
    path: PathBuf,
    full_sync: bool,
    health: Arc<Mutex<StoreHealth>>,
}

/// Takes calls to the connection.
pub(super) struct Writer {
    access: Access,
    health: Arc<Mutex<StoreHealth>>,
}

enum Access {
    /// A file: its thread waits for the disk.
    Thread { jobs: Option<mpsc::Sender<Box<dyn Job>>>, thread: Option<JoinHandle<()>> },
    /// Memory: there is nothing to wait for.
    Here(Mutex<Desk>),
}

impl Writer {
    /// Starts to serve `connection`.
    pub(super) fn new(connection: Connection, place: &Place) -> Result<Self, StoreError> {
        let health = Arc::new(Mutex::new(StoreHealth::Good));
        let path = place.path().to_owned();
        let mut desk = Desk { connection, path, full_sync: true, health: Arc::clone(&health) };
        if *place == Place::Memory {
            return Ok(Self { access: Access::Here(Mutex::new(desk)), health });
        }
        let (jobs, mut waiting) = mpsc::channel::<Box<dyn Job>>(QUEUE);
        let path = desk.path.clone();
        let thread = std::thread::Builder::new().name("ocg-store".into()).spawn(move || {
            while let Some(first) = waiting.blocking_recv() {
                let mut batch = vec![first];
                while batch.len() < BATCH
                    && let Ok(next) = waiting.try_recv()
                {
                    batch.push(next);
                }
                desk.serve(batch);
            }
        });
        let thread = thread
            .map_err(|error| StoreError::Other { path, reason: format!("no thread: {error}") })?;
        Ok(Self { access: Access::Thread { jobs: Some(jobs), thread: Some(thread) }, health })
    }

    /// Does `work` in a transaction and returns when that is committed as `need` asks.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        need: Need,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (caller, result) = oneshot::channel();
        let call = Box::new(Call { need, work: Some(work), result: None, caller });
        match &self.access {
            Access::Thread { jobs, .. } => {
                let jobs = jobs.as_ref().ok_or(StoreError::Closed)?;
                jobs.send(call).await.map_err(|_| StoreError::Closed)?;
            }
            Access::Here(desk) => {
                desk.lock().unwrap_or_else(PoisonError::into_inner).serve(vec![call]);
            }
        }
        result.await.unwrap_or(Err(StoreError::Closed))
    }

    pub(super) fn health(&self) -> StoreHealth {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Writer {
    /// Lets the thread finish what was asked of it and waits for it.
    fn drop(&mut self) {
        if let Access::Thread { jobs, thread } = &mut self.access {
            jobs.take();
            if thread.take().is_some_and(|thread| thread.join().is_err()) {
                tracing::error!(target: "ocg::store", "the store's thread panicked");
            }
        }
    }
}

impl Desk {
    /// Runs a batch in one transaction and answers its callers.
    fn serve(&mut self, mut batch: Vec<Box<dyn Job>>) {
        let need = batch.iter().map(|job| job.need()).max().unwrap_or(Need::Read);
        let done = self.transact(need, &mut batch);
        if need > Need::Read {
            self.note(done.as_ref().map_or_else(Some, Option::as_ref));
        }
        let committed = done.map(|_| ());
        for job in batch {
            job.finish(&committed);
        }
    }

    /// Commits the batch; also gives the last failure of a job that was undone alone.
    fn transact(
        &mut self,
        need: Need,
        batch: &mut [Box<dyn Job>],
    ) -> Result<Option<StoreError>, StoreError> {
        let result = self.try_transact(need, batch);
        if result.is_err() && !self.connection.is_autocommit() {
            // The error that counts is the one that is returned.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        result
    }

    fn try_transact(
        &mut self,
        need: Need,
        batch: &mut [Box<dyn Job>],
    ) -> Result<Option<StoreError>, StoreError> {
        let path = self.path.clone();
        let failed = |error: rusqlite::Error| failure(&path, &error);
        let full_sync = need == Need::Durable;
        if need > Need::Read && full_sync != self.full_sync {
            let level = if full_sync { "FULL" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", level).map_err(failed)?;
            self.full_sync = full_sync;
        }
        let begin = if need == Need::Read { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.run(begin).map_err(failed)?;
        let mut refused = None;
        for job in batch {
            self.run("SAVEPOINT job").map_err(failed)?;
            if let Err(error) = job.run(&self.connection, &path) {
                if self.connection.is_autocommit() {
                    // Some failures (no space, for one) undo the whole transaction.
                    return Err(error);
                }
                self.run("ROLLBACK TO job").map_err(failed)?;
                refused = Some(error);
            }
            self.run("RELEASE job").map_err(failed)?;
        }
        self.run("COMMIT").map_err(failed)?;
        Ok(refused)
    }

    fn run(&self, statement: &str) -> Result<()> {
        self.connection.prepare_cached(statement)?.execute([]).map(|_| ())
    }

    /// Remembers how the store is doing and logs when that changes.
    fn note(&self, failure: Option<&StoreError>) {
        let health = match failure {
            None => StoreHealth::Good,
            Some(error) => StoreHealth::Degraded(error.to_string()),
        };
        let mut known = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != health {
            match &health {
                StoreHealth::Good => tracing::info!(target: "ocg::store", "writes succeed again"),
                StoreHealth::Degraded(reason) => {
                    tracing::error!(target: "ocg::store", %reason, "writes fail")
                }
            }
            *known = health;
        }
    }
}
