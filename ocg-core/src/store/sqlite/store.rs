//! `SqliteStore`: the store that comes with the gateway.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use rusqlite::Connection;

use super::writer::{Need, Writer};
use super::{Database, Place, history, journal, outbox, purge, sends, tokens};
use crate::dispatch::HistoryTurn;
use crate::reply::{ReplyKind, ReplyPayload, TurnOutcome};
use crate::store::{
    Admitted, CallbackReply, ConsumeError, Fingerprint, JournalledTurn, KnownSend, NewToken,
    NewTurn, PartKey, PartState, ReplyRef, SendAnswer, SendKey, Store, StoreError, StoreHealth,
    TokenHash, TurnId,
};

/// The schema, one step a file.
const MIGRATIONS: [&str; 2] =
    [include_str!("../migrations/0001_initial.sql"), include_str!("../migrations/0002_sends.sql")];

/// Tells the time; tests have their own.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The store in one SQLite file, or in memory.
///
/// A turn with one message as its answer costs two `fsync`s: one when it is admitted, one before
/// the message is sent. In async mode the token and the callback add one each. Calls that wait at
/// the same time share theirs.
pub struct SqliteStore {
    writer: Writer,
    clock: Clock,
    kept_aside: Option<PathBuf>,
    lasting: bool,
}

impl SqliteStore {
    /// Opens the file, which is made if it is not there. A damaged file is moved aside first; see
    /// [`SqliteStore::kept_aside`].
    ///
    /// # Errors
    /// The file cannot be used: not writable, locked, of a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::at(&Place::File(path.to_owned()), Arc::new(SystemTime::now))
    }

    /// The same with a clock of the caller's.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn with_clock(path: &Path, clock: Clock) -> Result<Self, StoreError> {
        Self::at(&Place::File(path.to_owned()), clock)
    }

    /// A store that ends with the process.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::at(&Place::Memory, Arc::new(SystemTime::now))
    }

    fn at(place: &Place, clock: Clock) -> Result<Self, StoreError> {
        let Database { connection, kept_aside } = Database::open(place, &MIGRATIONS)?;
        let lasting = *place != Place::Memory;
        Ok(Self { writer: Writer::new(connection, place)?, clock, kept_aside, lasting })
    }

    /// Lets the file grow to so many pages of 4 KiB: a quota, for who shares a disk with others.
    ///
    /// # Errors
    /// The store is closed.
    pub async fn limit_pages(&self, pages: i64) -> Result<(), StoreError> {
        let limit = move |db: &Connection| {
            db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
        };
        self.writer.call(Need::Read, limit).await
    }

    /// Where a damaged file was moved to when the store was opened.
    pub fn kept_aside(&self) -> Option<&Path> {
        self.kept_aside.as_deref()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn admit(&self, turn: NewTurn) -> Result<Admitted, StoreError> {
        let now = (self.clock)();
        self.writer.call(Need::Durable, move |db| journal::admit(db, &turn, now)).await
    }

    async fn forwarded(&self, turn: TurnId) -> Result<(), StoreError> {
        self.writer.call(Need::Write, move |db| journal::forwarded(db, turn)).await
    }

    async fn settle(&self, turn: TurnId, outcome: TurnOutcome) -> Result<(), StoreError> {
        let now = (self.clock)();
        self.writer.call(Need::Write, move |db| journal::settle(db, turn, outcome, now)).await
    }

    async fn unfinished(&self) -> Result<Vec<JournalledTurn>, StoreError> {
        self.writer.call(Need::Read, journal::unfinished).await
    }

    async fn remembered(&self, max: usize) -> Result<Vec<Fingerprint>, StoreError> {
        let now = (self.clock)();
        self.writer.call(Need::Read, move |db| journal::remembered(db, max, now)).await
    }

    async fn attempt(
        &self,
        part: PartKey,
        kind: ReplyKind,
        payload: ReplyPayload,
    ) -> Result<(), StoreError> {
        self.writer.call(Need::Durable, move |db| outbox::attempt(db, part, kind, &payload)).await
    }

    async fn attempted(&self, part: PartKey, state: PartState) -> Result<(), StoreError> {
        self.writer.call(Need::Write, move |db| outbox::attempted(db, part, state)).await
    }

    async fn issue(&self, token: NewToken) -> Result<(), StoreError> {
        let issued = self.writer.call(Need::Durable, move |db| tokens::issue(db, &token)).await?;
        if issued { Ok(()) } else { Err(StoreError::TurnOver) }
    }

    async fn consume(
        &self,
        token: TokenHash,
        reply: CallbackReply,
    ) -> Result<ReplyRef, ConsumeError> {
        let now = (self.clock)();
        let consumed = self
            .writer
            .call(Need::Durable, move |db| tokens::consume(db, token, &reply, now))
            .await?;
        Ok(consumed?)
    }

    async fn delivered(&self, reply: ReplyRef) -> Result<(), StoreError> {
        self.writer.call(Need::Write, move |db| tokens::delivered(db, reply)).await
    }

    async fn history(&self, session: &str, max: usize) -> Result<Vec<HistoryTurn>, StoreError> {
        if max == 0 {
            return Ok(Vec::new());
        }
        let session = session.to_owned();
        self.writer.call(Need::Read, move |db| history::recall(db, &session, max)).await
    }

    async fn record(&self, session: &str, turn: HistoryTurn, max: usize) -> Result<(), StoreError> {
        if max == 0 {
            return Ok(());
        }
        let (session, now) = (session.to_owned(), (self.clock)());
        self.writer
            .call(Need::Write, move |db| history::record(db, &session, &turn, max, now))
            .await
    }

    async fn begin_send(&self, send: SendKey) -> Result<KnownSend, StoreError> {
        let now = (self.clock)();
        self.writer.call(Need::Durable, move |db| sends::begin(db, send, now)).await
    }

    async fn end_send(&self, send: SendKey, answer: Option<SendAnswer>) -> Result<(), StoreError> {
        self.writer.call(Need::Write, move |db| sends::end(db, send, answer.as_ref())).await
    }

    async fn purge(&self) -> Result<usize, StoreError> {
        let now = (self.clock)();
        self.writer.call(Need::Write, move |db| purge::purge(db, now)).await
    }

    fn outlives_process(&self) -> bool {
        self.lasting
    }

    fn health(&self) -> StoreHealth {
        self.writer.health()
    }
}
