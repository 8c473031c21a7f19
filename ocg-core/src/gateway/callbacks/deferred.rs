//! The turns that wait for callbacks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::gateway::sink::TurnSink;
use crate::message::InboundMessage;
use crate::store::{CallbackReply, Part, ReplyRef, TokenHash, TurnId};

/// Turns whose own sinks are kept. Replies to older ones go through the outbound adapter: a sink
/// keeps a plugin's turn alive, with a typing indicator that is sent again every few seconds, and
/// some thousands of them used up the plugin's memory.
const MAX_SINKS: usize = 256;

/// A turn that waits for its callbacks.
pub(super) struct Deferred {
    pub(super) message: Arc<InboundMessage>,
    /// Its token, while that lets replies in.
    pub(super) hash: Option<TokenHash>,
    /// The turn's own way back; taken while a reply is delivered.
    pub(super) sink: Option<TurnSink>,
    /// What an earlier process has sent of its replies, or may have sent.
    pub(super) parts: Vec<Part>,
    /// The final reply was accepted, or the time is up: nothing more comes.
    pub(super) closed: CancellationToken,
    /// The time is up: the store may think otherwise, if its clock was set back.
    pub(super) expired: bool,
}

/// All of them, oldest first.
#[derive(Default)]
pub(super) struct DeferredTurns {
    turns: BTreeMap<TurnId, Deferred>,
    by_hash: HashMap<TokenHash, TurnId>,
    /// Replies to turns of an earlier process that wait to be run again: the agent had them.
    early: HashMap<TurnId, Vec<(ReplyRef, CallbackReply)>>,
    sinks: usize,
}

impl DeferredTurns {
    /// Adds a turn; gives back the sink of the oldest one where too many are kept.
    pub(super) fn insert(&mut self, turn: TurnId, deferred: Deferred) -> Option<TurnSink> {
        self.sinks += usize::from(deferred.sink.is_some());
        self.by_hash.extend(deferred.hash.map(|hash| (hash, turn)));
        self.turns.insert(turn, deferred);
        if self.sinks <= MAX_SINKS {
            return None;
        }
        let sink = self.turns.values_mut().find_map(|one| one.sink.take());
        self.sinks -= usize::from(sink.is_some());
        sink
    }

    pub(super) fn get(&self, turn: TurnId) -> Option<&Deferred> {
        self.turns.get(&turn)
    }

    /// Marks that nothing more comes; `false` if that was so before, or the turn is unknown.
    pub(super) fn close(&self, turn: TurnId) -> bool {
        let open = self.turns.get(&turn).filter(|one| !one.closed.is_cancelled());
        open.inspect(|one| one.closed.cancel()).is_some()
    }

    /// The session of the turn that an accepted reply is for. One that is not known yet is kept
    /// until it is.
    pub(super) fn accepted(
        &mut self,
        reference: ReplyRef,
        reply: &CallbackReply,
    ) -> Option<String> {
        if !reply.more {
            self.close(reference.turn);
        }
        let known = self.get(reference.turn).map(|one| one.message.session_key.clone());
        if known.is_none() {
            self.early.entry(reference.turn).or_default().push((reference, reply.clone()));
        }
        known
    }

    /// Replies that were accepted before their turn was known here; the last one closes it.
    pub(super) fn take_early(&mut self, turn: TurnId) -> Vec<(ReplyRef, CallbackReply)> {
        let early = self.early.remove(&turn).unwrap_or_default();
        if early.iter().any(|(_, reply)| !reply.more) {
            self.close(turn);
        }
        early
    }

    /// Marks that the time is up; `None` if nothing more was to come anyway, or else the session.
    pub(super) fn expire(&mut self, turn: TurnId) -> Option<String> {
        if !self.close(turn) {
            return None;
        }
        let one = self.turns.get_mut(&turn)?;
        one.expired = true;
        Some(one.message.session_key.clone())
    }

    /// Whether the turn of this token has been given up.
    pub(super) fn is_expired(&self, hash: &TokenHash) -> bool {
        self.by_hash.get(hash).and_then(|turn| self.get(*turn)).is_some_and(|one| one.expired)
    }

    /// The session of a token that this process knows.
    pub(super) fn session_of(&self, hash: &TokenHash) -> Option<String> {
        let turn = self.by_hash.get(hash)?;
        self.get(*turn).map(|one| one.message.session_key.clone())
    }

    pub(super) fn take_sink(&mut self, turn: TurnId) -> Option<TurnSink> {
        let sink = self.turns.get_mut(&turn)?.sink.take();
        self.sinks -= usize::from(sink.is_some());
        sink
    }

    /// Puts a sink back after a reply that is not the last.
    pub(super) fn return_sink(&mut self, turn: TurnId, sink: TurnSink) {
        if let Some(one) = self.turns.get_mut(&turn) {
            one.sink = Some(sink);
            self.sinks += 1;
        }
    }

    pub(super) fn remove(&mut self, turn: TurnId) -> Option<Deferred> {
        let removed = self.turns.remove(&turn)?;
        if let Some(hash) = &removed.hash {
            self.by_hash.remove(hash);
        }
        self.sinks -= usize::from(removed.sink.is_some());
        Some(removed)
    }

    /// What was sent of a turn's replies before.
    pub(super) fn parts(&self, turn: TurnId) -> Vec<Part> {
        self.turns.get(&turn).map(|one| one.parts.clone()).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.turns.len()
    }

    /// Empties it, when the gateway ends.
    pub(super) fn drain(&mut self) -> Vec<Deferred> {
        self.sinks = 0;
        self.by_hash.clear();
        std::mem::take(&mut self.turns).into_values().collect()
    }
}
