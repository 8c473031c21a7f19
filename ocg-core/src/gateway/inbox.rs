//! The hand-off: gate, queue, and the workers that take turns from the queues.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use async_trait::async_trait;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::board::Board;
use super::callbacks::CallbackDesk;
use super::channels::Channels;
use super::journal::{Entry, Journal};
use super::link::{Admission, Inbox, StatusPatch};
use super::measures::{ChannelMeasures, Measures};
use super::notices;
use super::recovery::{Resumed, resume};
use super::reply_desk::ReplyDesk;
use super::settings::GatewaySettings;
use super::sink::TurnSink;
use super::turn::TurnRunner;
use crate::admit::{PairingStore, SenderGate, Verdict};
use crate::dispatch::Dispatcher;
use crate::message::{AccountKey, InboundMessage};
use crate::reply::{ReplySink, TurnOutcome};
use crate::session::{Overflow, Place, TurnOrder};
use crate::store::{Store, TurnId, TurnState};

/// Sessions share this many turnstiles.
const TURNSTILES: usize = 64;
/// Pause between two purges of the store.
const PURGE_EVERY: Duration = Duration::from_secs(600);
/// How long cancelled turns may take to tell their users.
const FAREWELL: Duration = Duration::from_secs(20);

/// Turns by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TurnCounts {
    /// See [`TurnOutcome::Answered`].
    pub answered: u64,
    /// See [`TurnOutcome::Silent`].
    pub silent: u64,
    /// See [`TurnOutcome::Failed`].
    pub failed: u64,
    /// See [`TurnOutcome::Deferred`].
    pub deferred: u64,
    /// See [`TurnOutcome::Cancelled`].
    pub cancelled: u64,
}

/// A message that was accepted and not answered before the gateway ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedTurn {
    /// The account that received it.
    pub account: AccountKey,
    /// Its session.
    pub session_key: String,
    /// The platform's id of the message.
    pub message_id: Option<String>,
}

impl UnfinishedTurn {
    fn of(message: &InboundMessage) -> Self {
        Self {
            account: message.origin.clone(),
            session_key: message.session_key.clone(),
            message_id: message.message_id.clone(),
        }
    }
}

/// Counts a turn that is dropped in the middle as unfinished.
struct InProgress<'a> {
    turns: &'a Turns,
    turn: Option<UnfinishedTurn>,
}

impl InProgress<'_> {
    fn ended(mut self, outcome: TurnOutcome) {
        if let Some(turn) = self.turn.take() {
            self.turns.count(outcome, turn);
        }
    }
}

impl Drop for InProgress<'_> {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.turns.count(TurnOutcome::Cancelled, turn);
        }
    }
}

/// A message in its session's queue.
struct Waiting {
    turn: TurnId,
    message: InboundMessage,
    sink: TurnSink,
    /// Its share of the total queue; what runs again after a restart has none.
    room: Option<OwnedSemaphorePermit>,
    /// It was taken over before the last restart.
    resumed: Option<Resumed>,
}

/// Takes messages in and runs their turns.
pub(super) struct Turns {
    me: Weak<Turns>,
    gate: SenderGate,
    journal: Journal,
    channels: Arc<Channels>,
    order: TurnOrder<Waiting>,
    /// Messages of one session pass the gate one after the other, so that a slow check of one
    /// cannot let a later one overtake it.
    turnstiles: Vec<tokio::sync::Mutex<()>>,
    room: Arc<Semaphore>,
    total_queue: usize,
    running: Semaphore,
    max_running: usize,
    runner: TurnRunner,
    callbacks: Arc<CallbackDesk>,
    measures: Arc<Measures>,
    board: Arc<Board>,
    grace: Duration,
    tasks: TaskTracker,
    /// Where turns run. A channel may hand messages over on a thread of its own, which may be busy
    /// or end before the turn does.
    runtime: OnceLock<Handle>,
    /// Nothing more is accepted.
    closed: CancellationToken,
    /// Turns in progress end now.
    cancel: CancellationToken,
    /// What has not even ended after being cancelled is dropped.
    abort: CancellationToken,
    tally: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    ended: TurnCounts,
    unfinished: Vec<UnfinishedTurn>,
}

impl Turns {
    pub(super) fn new(
        settings: GatewaySettings,
        dispatcher: Arc<dyn Dispatcher>,
        pairing: Arc<dyn PairingStore>,
        store: Arc<dyn Store>,
        channels: Arc<Channels>,
        board: Arc<Board>,
    ) -> Arc<Self> {
        let max_running = settings.max_concurrent_turns.clamp(1, Semaphore::MAX_PERMITS);
        let total_queue = settings.total_queue.clamp(1, Semaphore::MAX_PERMITS);
        let measures = Arc::<Measures>::default();
        let replies = Arc::new(ReplyDesk::new(
            settings.clone(),
            Arc::clone(&channels),
            Arc::clone(&store),
            Arc::clone(&measures),
        ));
        let callbacks = CallbackDesk::new(
            Arc::clone(&store),
            settings.callbacks.clone(),
            Arc::clone(&channels),
            Arc::clone(&board),
            Arc::clone(&replies),
        );
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            gate: SenderGate::new(pairing),
            journal: Journal::new(Arc::clone(&store)),
            channels,
            order: TurnOrder::new(settings.session_queue),
            turnstiles: (0..TURNSTILES).map(|_| tokio::sync::Mutex::default()).collect(),
            room: Arc::new(Semaphore::new(total_queue)),
            total_queue,
            running: Semaphore::new(max_running),
            max_running,
            grace: settings.shutdown_grace,
            runner: TurnRunner::new(settings, dispatcher, replies, Arc::clone(&callbacks), store),
            callbacks,
            measures,
            board,
            tasks: TaskTracker::new(),
            runtime: OnceLock::new(),
            closed: CancellationToken::new(),
            cancel: CancellationToken::new(),
            abort: CancellationToken::new(),
            tally: Mutex::default(),
        })
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Turns that run and messages that wait.
    pub(super) fn load(&self) -> (usize, usize) {
        (
            self.max_running - self.running.available_permits(),
            self.total_queue - self.room.available_permits(),
        )
    }

    pub(super) fn ended(&self) -> TurnCounts {
        self.tally().ended
    }

    /// What is measured of each channel that has had a turn.
    pub(super) fn measures(&self) -> BTreeMap<String, ChannelMeasures> {
        self.measures.snapshot()
    }

    /// How often agents were asked again after a failure.
    pub(super) fn agent_retries(&self) -> u64 {
        self.runner.agent_retries()
    }

    /// Longest message as configured, where it is.
    pub(super) fn reply_limit(&self, account: &AccountKey) -> Option<usize> {
        self.runner.reply_limit(account)
    }

    /// Turns whose agents answer later.
    pub(super) fn callbacks(&self) -> &CallbackDesk {
        &self.callbacks
    }

    pub(super) fn store(&self) -> &Arc<dyn Store> {
        self.journal.store()
    }

    /// Cancelled when turns in progress must end.
    pub(super) fn cancel_token(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Runs turns on the runtime in which this is called.
    pub(super) fn open(&self) {
        self.runtime.get_or_init(Handle::current);
    }

    /// Removes from the store what has outlived its time, again and again.
    pub(super) async fn tend_store(&self) {
        loop {
            tokio::time::sleep(PURGE_EVERY).await;
            if let Err(error) = self.store().purge().await {
                tracing::warn!(target: "ocg::store", %error, "old rows could not be removed");
            }
        }
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let task = self.abort.clone().run_until_cancelled_owned(task);
        self.tasks.spawn_on(task, self.runtime.get_or_init(Handle::current));
    }

    /// Accepts nothing more.
    pub(super) fn close(&self) {
        self.closed.cancel();
        self.tasks.close();
    }

    /// Lets accepted turns finish within the grace, cancels the others, and returns these.
    pub(super) async fn finish(&self) -> Vec<UnfinishedTurn> {
        if timeout(self.grace, self.tasks.wait()).await.is_err() {
            self.cancel.cancel();
            if timeout(FAREWELL, self.tasks.wait()).await.is_err() {
                tracing::error!(target: "ocg::gateway", "turns did not end after they were cancelled and are cut off");
                self.abort.cancel();
                self.tasks.wait().await;
                for waiting in self.order.drain() {
                    self.tally().unfinished.push(UnfinishedTurn::of(&waiting.message));
                }
            }
        }
        self.callbacks.finish().await;
        std::mem::take(&mut self.tally().unfinished)
    }

    /// Tells a sender something outside any turn, without holding up the hand-off.
    fn notify(&self, mut sink: TurnSink, text: String, outcome: TurnOutcome) {
        self.spawn(async move {
            sink.tell(text).await;
            sink.settle(outcome).await;
        });
    }

    async fn overflow(&self, sink: TurnSink, account: &AccountKey, first: bool) -> Admission {
        tracing::warn!(target: "ocg::turn", %account, told = first, "too many messages wait in this session; message not taken");
        if first {
            self.notify(sink, notices::BUSY.into(), TurnOutcome::Failed);
        } else {
            sink.settle(TurnOutcome::Failed).await;
        }
        Admission::Busy
    }

    fn turnstile(&self, session: &str) -> &tokio::sync::Mutex<()> {
        let mut hasher = DefaultHasher::new();
        session.hash(&mut hasher);
        &self.turnstiles[hasher.finish() as usize % TURNSTILES]
    }

    /// Queues a message whose sender may talk to the agent.
    async fn admit(&self, message: InboundMessage, sink: TurnSink) -> Admission {
        match self.gate.check(&message).await {
            Verdict::Allowed => self.queue(message, sink).await,
            Verdict::Refused(reason) => {
                tracing::info!(target: "ocg::admit", account = %message.origin, sender = %message.sender.id, %reason, "refused");
                sink.settle(TurnOutcome::Silent).await;
                Admission::Refused(reason)
            }
            Verdict::Pairing(challenge) => {
                if challenge.created {
                    let (channel, sender) = (&message.origin.channel, &message.sender.id);
                    let text = notices::pairing(channel, sender, &challenge.code);
                    tracing::info!(target: "ocg::admit", account = %message.origin, %sender, "asks for approval: ocg pairing approve {channel} {}", challenge.code);
                    self.notify(sink, text, TurnOutcome::Silent);
                } else {
                    sink.settle(TurnOutcome::Silent).await;
                }
                Admission::PairingRequired
            }
        }
    }

    /// Queues an admitted message.
    async fn queue(&self, message: InboundMessage, sink: TurnSink) -> Admission {
        let (account, session) = (message.origin.clone(), message.session_key.clone());
        if let Some(first) = self.order.overflow(&session) {
            return self.overflow(sink, &account, first).await;
        }
        let room = tokio::select! {
            biased;
            () = self.closed.cancelled() => None,
            room = Arc::clone(&self.room).acquire_owned() => {
                Some(room.expect("the semaphore is never closed"))
            }
        };
        let Some(room) = room else {
            sink.settle(TurnOutcome::Cancelled).await;
            return Admission::Stopping;
        };
        let turn = match self.journal.admit(&message).await {
            Entry::New(turn) => turn,
            Entry::Known => return self.duplicate(&message, sink).await,
            Entry::Failed(error) => {
                tracing::error!(target: "ocg::store", %account, %error, "a message was not taken: it could not be stored");
                self.notify(sink, notices::UNSTORED.into(), TurnOutcome::Failed);
                return Admission::Busy;
            }
        };
        let waiting = Waiting { turn, message, sink, room: Some(room), resumed: None };
        match self.order.push(&session, waiting) {
            Ok(place) => {
                self.board.turn_added(&account);
                self.work(place, session);
                Admission::Accepted
            }
            Err(Overflow { item, first }) => {
                self.journal.ended(turn, TurnOutcome::Failed).await;
                self.overflow(item.sink, &account, first).await
            }
        }
    }

    async fn duplicate(&self, message: &InboundMessage, sink: TurnSink) -> Admission {
        let id = message.message_id.as_deref();
        tracing::info!(target: "ocg::admit", account = %message.origin, sender = %message.sender.id, id, "delivered again, not answered again");
        sink.settle(TurnOutcome::Silent).await;
        Admission::Duplicate
    }

    /// Makes sure that a worker serves the session.
    fn work(&self, place: Place, session: String) {
        if let (Place::Idle, Some(me)) = (place, self.me.upgrade()) {
            self.spawn(me.serve(session));
        }
    }

    /// Queues what was not answered before the last restart, ahead of all new messages.
    pub(super) async fn recover(&self) {
        self.journal.remember().await;
        let unfinished = match self.store().unfinished().await {
            Ok(unfinished) => unfinished,
            Err(error) => {
                tracing::error!(target: "ocg::store", %error, "messages that were not answered before the restart cannot be read");
                return;
            }
        };
        for journalled in unfinished {
            if journalled.state != TurnState::Admitted {
                self.callbacks.restore(journalled);
                continue;
            }
            let turn = journalled.id;
            if let Some((message, sink, resumed)) = resume(&self.channels, journalled) {
                let session = message.session_key.clone();
                let resumed = Some(resumed);
                let place = self
                    .order
                    .restore(&session, Waiting { turn, message, sink, room: None, resumed });
                self.work(place, session);
            }
        }
    }

    /// Runs a session's turns until none is left. When they are cancelled, the user is told once.
    async fn serve(self: Arc<Self>, session: String) {
        let mut told = false;
        while let Some(Waiting { turn, message, sink, room, resumed }) = self.order.next(&session) {
            let unfinished = Some(UnfinishedTurn::of(&message));
            let in_progress = InProgress { turns: &self, turn: unfinished };
            if resumed.is_some() && !self.is_up(&message.origin).await {
                sink.settle(TurnOutcome::Cancelled).await;
                in_progress.ended(TurnOutcome::Cancelled);
                continue;
            }
            let permit = self.running.acquire().await.expect("the semaphore is never closed");
            drop(room);
            let outcome = if told {
                sink.settle(TurnOutcome::Cancelled).await;
                TurnOutcome::Cancelled
            } else {
                let resumed = resumed.unwrap_or_default();
                self.runner.run(turn, message, sink, resumed, &self.cancel).await
            };
            told = outcome == TurnOutcome::Cancelled;
            self.journal.ended(turn, outcome).await;
            drop(permit);
            in_progress.ended(outcome);
        }
    }

    /// Waits until an account runs; `false` if the gateway stops first.
    async fn is_up(&self, account: &AccountKey) -> bool {
        self.closed.run_until_cancelled(self.board.running(account)).await.is_some()
    }

    fn count(&self, outcome: TurnOutcome, turn: UnfinishedTurn) {
        self.board.turn_ended(&turn.account);
        let mut tally = self.tally();
        let count = match outcome {
            TurnOutcome::Answered => &mut tally.ended.answered,
            TurnOutcome::Silent => &mut tally.ended.silent,
            TurnOutcome::Failed => &mut tally.ended.failed,
            TurnOutcome::Deferred => &mut tally.ended.deferred,
            TurnOutcome::Cancelled => &mut tally.ended.cancelled,
        };
        *count += 1;
        if outcome == TurnOutcome::Cancelled {
            tracing::error!(target: "ocg::turn", account = %turn.account, session = %turn.session_key, "not answered: the gateway stopped first");
            tally.unfinished.push(turn);
        }
    }
}

#[async_trait]
impl Inbox for Turns {
    async fn submit(&self, message: InboundMessage, sink: Box<dyn ReplySink>) -> Admission {
        // Taken before `closed` is read: `finish` waits for hand-offs that were let in.
        let _handing_off = self.tasks.token();
        let sink = TurnSink::new(sink, &message);
        if self.closed.is_cancelled() {
            sink.settle(TurnOutcome::Cancelled).await;
            return Admission::Stopping;
        }
        let _pass = self.turnstile(&message.session_key).lock().await;
        if self.journal.knows(&message) {
            return self.duplicate(&message, sink).await;
        }
        self.admit(message, sink).await
    }

    fn status(&self, account: &AccountKey, patch: StatusPatch) {
        self.board.merge(account, patch);
    }
}
