//! Where turns wait for their agents, and callbacks become replies.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::deferred::{Deferred, DeferredTurns};
use super::{CallbackRefusal, CallbackRules, token};
use crate::dispatch::{AgentError, AgentErrorKind, CallbackAddress};
use crate::gateway::board::Board;
use crate::gateway::channels::Channels;
use crate::gateway::crash_point::{AFTER_TOKEN, BEFORE_TOKEN, crash_point};
use crate::gateway::notices;
use crate::gateway::outbound_sink::OutboundSink;
use crate::gateway::reply_desk::ReplyDesk;
use crate::gateway::sink::TurnSink;
use crate::message::InboundMessage;
use crate::reply::{ReplySink, TurnOutcome};
use crate::session::{Place, TurnOrder};
use crate::store::{
    CallbackReply, JournalledTurn, NewToken, ReplyRef, Store, StoreError, TokenHash, TokenRefusal,
    TurnId, TurnState,
};

/// Callbacks of tokens that share a turnstile are accepted one after the other.
const TURNSTILES: usize = 64;
/// Replies of one session that may wait for delivery; then agents are asked to come back.
const LANE: usize = 256;
/// The typing indicator of a turn is shown for this long at most: an agent that works for hours
/// does not type for hours.
const TYPING: Duration = Duration::from_secs(120);
/// What is delivered already may go on for so long when the gateway stops.
const STOPPING: Duration = Duration::from_secs(20);

/// What became of deferred turns since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallbackCounts {
    /// Turns that wait for a callback now.
    pub waiting: usize,
    /// Replies of callbacks that wait behind others of their chat.
    pub queued: usize,
    /// Callbacks accepted.
    pub accepted: u64,
    /// Turns whose time was up before the final callback.
    pub expired: u64,
    /// Turns whose replies were delivered.
    pub answered: u64,
    /// Turns whose replies could not be delivered, or not completely, or reported a failure.
    pub failed: u64,
}

/// How a deferred turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Its final callback came.
    CalledBack(TurnOutcome),
    /// Its time was up before that.
    Expired,
}

/// One step of a deferred turn, in its session's order.
enum Step {
    Reply(ReplyRef, CallbackReply),
    Expired(TurnId),
    /// All replies were delivered by an earlier process; only the end was not written down.
    Over(TurnId),
}

/// Waits for callbacks and delivers them.
pub(crate) struct CallbackDesk {
    me: Weak<CallbackDesk>,
    store: Arc<dyn Store>,
    rules: CallbackRules,
    channels: Arc<Channels>,
    board: Arc<Board>,
    replies: Arc<ReplyDesk>,
    deferred: Mutex<DeferredTurns>,
    lanes: TurnOrder<Step>,
    turnstiles: Vec<tokio::sync::Mutex<()>>,
    tasks: TaskTracker,
    stop: CancellationToken,
    counts: Mutex<CallbackCounts>,
}

impl CallbackDesk {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        rules: CallbackRules,
        channels: Arc<Channels>,
        board: Arc<Board>,
        replies: Arc<ReplyDesk>,
    ) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            store,
            rules,
            channels,
            board,
            replies,
            deferred: Mutex::default(),
            lanes: TurnOrder::new(LANE),
            turnstiles: (0..TURNSTILES).map(|_| tokio::sync::Mutex::default()).collect(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            counts: Mutex::default(),
        })
    }

    fn deferred(&self) -> MutexGuard<'_, DeferredTurns> {
        self.deferred.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tally(&self) -> MutexGuard<'_, CallbackCounts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn counts(&self) -> CallbackCounts {
        CallbackCounts {
            waiting: self.deferred().len(),
            queued: self.lanes.waiting(),
            ..*self.tally()
        }
    }

    fn turnstile(&self, hash: &TokenHash) -> &tokio::sync::Mutex<()> {
        &self.turnstiles[usize::from(hash.0[0]) % TURNSTILES]
    }

    /// Makes a token for the turn and keeps its sink. The agent may use it from now on, also
    /// before it has answered the forward. `None` where the agent need not be asked: an earlier
    /// process has done it, and the answer is in.
    pub(crate) async fn open(
        &self,
        turn: TurnId,
        message: Arc<InboundMessage>,
        sink: TurnSink,
    ) -> Result<Option<CallbackAddress>, (AgentError, TurnSink)> {
        let internal = |reason: String| {
            AgentError::new(AgentErrorKind::Other, format!("no callback token: {reason}"))
        };
        let token = match token::generate() {
            Ok(token) => token,
            Err(error) => return Err((internal(error.to_string()), sink)),
        };
        let hash = TokenHash::of(&token);
        let expires = SystemTime::now() + self.rules.ttl;
        match self.store.issue(NewToken { hash, turn, expires }).await {
            Ok(()) => self.keep(turn, message, Some(hash), sink).await,
            Err(StoreError::TurnOver) => {
                self.adopt(turn, message, sink).await;
                return Ok(None);
            }
            Err(error) => return Err((internal(error.to_string()), sink)),
        }
        let id = format!("turn_{turn}_{}", hex::encode(&hash.0[..8]));
        let (url, secret) = (self.rules.url(&token), self.rules.secret.clone());
        Ok(Some(CallbackAddress { url, id, secret }))
    }

    async fn keep(
        &self,
        turn: TurnId,
        message: Arc<InboundMessage>,
        hash: Option<TokenHash>,
        sink: TurnSink,
    ) {
        let (closed, sink) = (CancellationToken::new(), Some(sink));
        let deferred = Deferred { message, hash, sink, parts: Vec::new(), closed, expired: false };
        let given_up = self.deferred().insert(turn, deferred);
        if let Some(mut sink) = given_up {
            sink.typing(false);
            sink.settle(TurnOutcome::Deferred).await;
        }
    }

    /// Takes over a turn that was to be run again and has been answered meanwhile, with the token
    /// that the agent had of an earlier process.
    async fn adopt(&self, turn: TurnId, message: Arc<InboundMessage>, mut sink: TurnSink) {
        tracing::info!(target: "ocg::callback", account = %message.origin, session = %message.session_key, %turn, "the agent has answered already and is not asked again");
        sink.defer();
        let session = message.session_key.clone();
        self.keep(turn, message, None, sink).await;
        let early = self.deferred().take_early(turn);
        for (reference, reply) in early {
            self.queue(&session, Step::Reply(reference, reply));
        }
        self.watch(turn, self.rules.ttl);
    }

    /// The agent has accepted the message: from here on the turn waits for its callback.
    pub(crate) async fn forwarded(&self, turn: TurnId) {
        if let Err(error) = self.store.forwarded(turn).await {
            tracing::warn!(target: "ocg::callback", %turn, %error, "not written down that the agent has accepted the message: after a crash it is asked again");
        }
        let sink = self.deferred().take_sink(turn);
        if let Some(mut sink) = sink {
            sink.defer();
            self.deferred().return_sink(turn, sink);
        }
        self.watch(turn, self.rules.ttl);
    }

    /// The forward has failed: gives the sink back, unless the agent has called back all the same.
    pub(crate) async fn withdraw(&self, turn: TurnId) -> Option<TurnSink> {
        let hash = self.deferred().get(turn)?.hash?;
        let _pass = self.turnstile(&hash).lock().await;
        if !self.deferred().close(turn) {
            return None;
        }
        self.deferred().remove(turn)?.sink
    }

    /// Returns when the final callback of the turn has been accepted, or its time is up.
    pub(crate) async fn closed(&self, turn: TurnId) {
        let closed = self.deferred().get(turn).map(|one| one.closed.clone());
        if let Some(closed) = closed {
            closed.cancelled().await;
        }
    }

    /// Takes over a turn that an earlier process has forwarded, with the replies that it has
    /// accepted and not delivered.
    pub(crate) fn restore(&self, journalled: JournalledTurn) {
        let JournalledTurn { id, message, state, token, replies, parts, .. } = journalled;
        let until = match state {
            TurnState::Forwarded { until } => until,
            TurnState::Admitted => None,
        };
        let session = message.session_key.clone();
        let closed = CancellationToken::new();
        if until.is_none() {
            closed.cancel();
        }
        let message = Arc::new(message);
        let deferred = Deferred { message, hash: token, sink: None, parts, closed, expired: false };
        let early = {
            let mut turns = self.deferred();
            turns.insert(id, deferred);
            turns.take_early(id)
        };
        if until.is_none() && replies.is_empty() && early.is_empty() {
            self.queue(&session, Step::Over(id));
        }
        let numbers: Vec<u32> = replies.iter().map(|(number, _)| *number).collect();
        for (number, reply) in replies {
            self.queue(&session, Step::Reply(ReplyRef { turn: id, number }, reply));
        }
        for (reference, reply) in early {
            if !numbers.contains(&reference.number) {
                self.queue(&session, Step::Reply(reference, reply));
            }
        }
        if let Some(until) = until {
            let left = until.duration_since(SystemTime::now()).unwrap_or(Duration::ZERO);
            self.watch(id, left);
        }
    }

    /// Accepts a callback: once this returns, it is delivered, also after a crash.
    pub(crate) async fn accept(
        &self,
        token: &str,
        reply: CallbackReply,
    ) -> Result<(), CallbackRefusal> {
        let (Some(me), hash) = (self.me.upgrade(), TokenHash::of(token)) else {
            return Err(CallbackRefusal::Stopping);
        };
        // A caller that hangs up in the middle cannot separate storing from delivering.
        let taken = self.tasks.spawn(async move { me.take(hash, reply).await });
        taken.await.unwrap_or(Err(CallbackRefusal::Stopping))
    }

    async fn take(&self, hash: TokenHash, reply: CallbackReply) -> Result<(), CallbackRefusal> {
        if self.stop.is_cancelled() {
            return Err(CallbackRefusal::Stopping);
        }
        // Numbers are given and replies are queued in the same order.
        let _pass = self.turnstile(&hash).lock().await;
        if self.deferred().is_expired(&hash) {
            return Err(CallbackRefusal::Token(TokenRefusal::Expired));
        }
        if self.lanes.sessions() > 0 && self.is_crowded(&hash) {
            return Err(CallbackRefusal::Busy);
        }
        crash_point(BEFORE_TOKEN);
        let reference = self.store.consume(hash, reply.clone()).await?;
        crash_point(AFTER_TOKEN);
        self.tally().accepted += 1;
        let session = self.deferred().accepted(reference, &reply);
        if let Some(session) = session {
            self.queue(&session, Step::Reply(reference, reply));
        }
        Ok(())
    }

    /// Whether the chat of this token has too many replies waiting.
    fn is_crowded(&self, hash: &TokenHash) -> bool {
        let session = self.deferred().session_of(hash);
        session.is_some_and(|session| self.lanes.overflow(&session).is_some())
    }

    fn queue(&self, session: &str, step: Step) {
        let Some(me) = self.me.upgrade() else { return };
        match self.lanes.push(session, step) {
            Ok(Place::Idle) => {
                let session = session.to_owned();
                self.spawn(async move { me.serve(&session).await });
            }
            Ok(Place::Behind) => {}
            // `accept` asks first; what is too much all the same is in the store.
            Err(_) => {
                tracing::error!(target: "ocg::callback", %session, "too many replies wait; the rest is delivered after the next start");
            }
        }
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if Handle::try_current().is_ok() {
            self.tasks.spawn(task);
        }
    }

    /// Ends the typing indicator and the turn itself when their times are up.
    fn watch(&self, turn: TurnId, left: Duration) {
        let (me, stop) = (self.me.clone(), self.stop.clone());
        let expires = Instant::now() + left;
        self.spawn(async move {
            let typing = async {
                if left > TYPING {
                    tokio::time::sleep(TYPING).await;
                    if let Some(me) = me.upgrade() {
                        me.stop_typing(turn);
                    }
                }
                sleep_until(expires).await;
                if let Some(me) = me.upgrade() {
                    me.expire(turn).await;
                }
            };
            stop.run_until_cancelled(typing).await;
        });
    }

    fn stop_typing(&self, turn: TurnId) {
        let sink = self.deferred().take_sink(turn);
        if let Some(mut sink) = sink {
            sink.typing(false);
            self.deferred().return_sink(turn, sink);
        }
    }

    async fn expire(&self, turn: TurnId) {
        let hash = match self.deferred().get(turn) {
            Some(one) => one.hash.unwrap_or(TokenHash([0; 32])),
            None => return,
        };
        let _pass = self.turnstile(&hash).lock().await;
        let session = self.deferred().expire(turn);
        if let Some(session) = session {
            self.queue(&session, Step::Expired(turn));
        }
    }

    /// Delivers a session's steps until none is left.
    async fn serve(&self, session: &str) {
        while let Some(step) = self.lanes.next(session) {
            match step {
                Step::Reply(reference, reply) => self.deliver(reference, reply).await,
                Step::Expired(turn) => self.give_up(turn).await,
                Step::Over(turn) => {
                    self.deferred().remove(turn);
                    self.write_end(turn, TurnOutcome::Answered).await;
                }
            }
        }
    }

    /// The turn's message and its own sink, or one made of the channel's outbound adapter.
    fn way_back(&self, turn: TurnId) -> Option<(Arc<InboundMessage>, TurnSink)> {
        let mut deferred = self.deferred();
        let message = Arc::clone(&deferred.get(turn)?.message);
        if let Some(sink) = deferred.take_sink(turn) {
            return Some((message, sink));
        }
        let channel = self.channels.get(&message.origin.channel);
        let Some(channel) = channel else {
            tracing::error!(target: "ocg::callback", account = %message.origin, "the channel of a reply is not loaded; it is delivered when it is");
            return None;
        };
        let sink = OutboundSink { channel, message: Arc::clone(&message) };
        let sink: Box<dyn ReplySink> = Box::new(sink);
        let sink = TurnSink::anew(sink, &message);
        Some((message, sink))
    }

    /// Waits, where a turn has no sink of its own, until its account runs; `false` if the gateway
    /// stops first.
    async fn is_reachable(&self, turn: TurnId) -> bool {
        let account = match self.deferred().get(turn) {
            Some(one) if one.sink.is_none() => one.message.origin.clone(),
            _ => return true,
        };
        self.stop.run_until_cancelled(self.board.running(&account)).await.is_some()
    }

    async fn deliver(&self, reference: ReplyRef, reply: CallbackReply) {
        let turn = reference.turn;
        if !self.is_reachable(turn).await {
            return;
        }
        let Some((message, mut sink)) = self.way_back(turn) else { return };
        let more = reply.more;
        let earlier = self.deferred().parts(turn);
        let outcome = self.replies.deliver(&message, &mut sink, reference, earlier, reply).await;
        if !more {
            // Its end says that the reply was delivered, too, in one transaction.
            self.settle(turn, &message, sink, End::CalledBack(outcome)).await;
            return;
        }
        if let Err(error) = self.store.delivered(reference).await {
            tracing::warn!(target: "ocg::callback", %turn, %error, "not written down that a reply was delivered: after a crash it may come twice");
        }
        self.deferred().return_sink(turn, sink);
    }

    async fn give_up(&self, turn: TurnId) {
        if !self.is_reachable(turn).await {
            return;
        }
        let Some((message, mut sink)) = self.way_back(turn) else { return };
        tracing::error!(target: "ocg::callback", account = %message.origin, session = %message.session_key, "callback never came within {} s; raise \"callbackTokenTTL\" or look into the agent's log", self.rules.ttl.as_secs());
        sink.tell(notices::CALLBACK_NEVER_CAME.into()).await;
        self.settle(turn, &message, sink, End::Expired).await;
    }

    async fn settle(&self, turn: TurnId, message: &InboundMessage, mut sink: TurnSink, end: End) {
        let outcome = match end {
            End::CalledBack(outcome) => outcome,
            End::Expired => TurnOutcome::Failed,
        };
        sink.typing(false);
        self.replies.measures().turn_ended(message, &sink, outcome);
        sink.settle(outcome).await;
        self.deferred().remove(turn);
        {
            let mut counts = self.tally();
            match end {
                End::Expired => counts.expired += 1,
                End::CalledBack(TurnOutcome::Failed) => counts.failed += 1,
                End::CalledBack(_) => counts.answered += 1,
            }
        }
        self.write_end(turn, outcome).await;
    }

    async fn write_end(&self, turn: TurnId, outcome: TurnOutcome) {
        if let Err(error) = self.store.settle(turn, outcome).await {
            tracing::warn!(target: "ocg::callback", %turn, %error, "not written down that a turn is over");
        }
    }

    /// Accepts nothing more, finishes what is being delivered, and lets go of the sinks. Turns
    /// that wait are taken up at the next start.
    pub(crate) async fn finish(&self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(STOPPING, self.tasks.wait()).await.is_err() {
            tracing::error!(target: "ocg::callback", "replies are still being delivered and are cut off; they are taken up at the next start");
        }
        let waiting = self.deferred().drain();
        if !waiting.is_empty() {
            tracing::info!(target: "ocg::callback", "{} turns wait for callbacks, which are delivered after the next start", waiting.len());
        }
        for sink in waiting.into_iter().filter_map(|one| one.sink) {
            sink.settle(TurnOutcome::Cancelled).await;
        }
    }
}
