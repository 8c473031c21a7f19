//! The `Store` trait: all that the gateway asks of a store.

use async_trait::async_trait;

use super::{
    Admitted, CallbackReply, ConsumeError, Fingerprint, JournalledTurn, KnownSend, NewToken,
    NewTurn, PartKey, PartState, ReplyRef, SendAnswer, SendKey, StoreError, TokenHash, TurnId,
};
use crate::dispatch::HistoryTurn;
use crate::reply::{ReplyKind, ReplyPayload, TurnOutcome};

/// How a store is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StoreHealth {
    /// The last write succeeded.
    #[default]
    Good,
    /// Writes fail; says why and what to do.
    Degraded(String),
}

/// Keeps what must survive the end of the process.
///
/// Every call is one transaction: it has happened as a whole or not at all. Calls are applied in
/// the order in which they were made. A *durable* call returns once its effect survives a power
/// failure; the effect of any other call survives the death of the process as soon as the call
/// returns, and a power failure as soon as a later durable call has returned.
#[async_trait]
pub trait Store: Send + Sync {
    /// Takes a message over, unless it is known already. Durable.
    async fn admit(&self, turn: NewTurn) -> Result<Admitted, StoreError>;

    /// The agent has accepted the message and will call back.
    async fn forwarded(&self, turn: TurnId) -> Result<(), StoreError>;

    /// The turn is over: its content is removed, its tokens are used up. What is kept for a time
    /// is what recognises the message when it is delivered again.
    async fn settle(&self, turn: TurnId, outcome: TurnOutcome) -> Result<(), StoreError>;

    /// All unfinished turns, in the order in which they were admitted.
    async fn unfinished(&self) -> Result<Vec<JournalledTurn>, StoreError>;

    /// The messages that were admitted last, at most `max`, newest last.
    async fn remembered(&self, max: usize) -> Result<Vec<Fingerprint>, StoreError>;

    /// A part of a reply is about to be sent. Durable.
    async fn attempt(
        &self,
        part: PartKey,
        kind: ReplyKind,
        payload: ReplyPayload,
    ) -> Result<(), StoreError>;

    /// What became of a part that was attempted.
    async fn attempted(&self, part: PartKey, state: PartState) -> Result<(), StoreError>;

    /// Makes a token valid. Earlier tokens of the turn are revoked: a turn that is run again
    /// takes one reply, not two. Durable.
    ///
    /// # Errors
    /// [`StoreError::TurnOver`] where the turn is settled or a reply to it is in.
    async fn issue(&self, token: NewToken) -> Result<(), StoreError>;

    /// Accepts a reply and, if it is the last one, uses the token up, in one transaction: of any
    /// number of racing callers exactly one succeeds. Durable.
    async fn consume(
        &self,
        token: TokenHash,
        reply: CallbackReply,
    ) -> Result<ReplyRef, ConsumeError>;

    /// An accepted reply that is not the last one has been delivered, or given up.
    async fn delivered(&self, reply: ReplyRef) -> Result<(), StoreError>;

    /// The last `max` turns of a session, oldest first.
    async fn history(&self, session: &str, max: usize) -> Result<Vec<HistoryTurn>, StoreError>;

    /// Adds a turn to a session, which keeps its last `max` turns.
    async fn record(&self, session: &str, turn: HistoryTurn, max: usize) -> Result<(), StoreError>;

    /// Puts a send request with an idempotency key on record, unless that is known from the last
    /// day. Durable.
    async fn begin_send(&self, send: SendKey) -> Result<KnownSend, StoreError>;

    /// What a request on record was answered with; with `None` it surely sent nothing and is
    /// forgotten, so that it can be tried again.
    async fn end_send(&self, send: SendKey, answer: Option<SendAnswer>) -> Result<(), StoreError>;

    /// Removes what has outlived its time and gives the space back; returns the rows removed.
    async fn purge(&self) -> Result<usize, StoreError>;

    /// Whether it keeps anything when the process ends.
    fn outlives_process(&self) -> bool;

    /// How the store is doing.
    fn health(&self) -> StoreHealth;
}
