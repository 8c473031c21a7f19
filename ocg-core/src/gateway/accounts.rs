//! All accounts of all channels: which there are, which run, and who owns their tasks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::backoff;
use super::board::Board;
use super::channels::Channels;
use super::handle::ControlError;
use super::link::{AccountLink, AccountState, Inbox};
use super::supervise::{Supervisor, panic_text};
use crate::channel::{Account, Channel, ChannelError};
use crate::error::Fault;
use crate::message::AccountKey;

/// Accounts that start at the same time (plugin contract §4.4).
const PARALLEL_STARTS: usize = 4;
/// How long the turns of a channel that is removed may go on.
const LAST_TURNS: Duration = Duration::from_secs(30);

pub(super) struct Accounts {
    channels: Arc<Channels>,
    board: Arc<Board>,
    inbox: Arc<dyn Inbox>,
    starts: Arc<Semaphore>,
    supervised: Mutex<HashMap<AccountKey, Supervised>>,
    /// Why a channel's accounts cannot be listed.
    channel_errors: Mutex<BTreeMap<String, String>>,
    /// Channels whose accounts are on the board.
    listed: Mutex<BTreeSet<String>>,
    /// Channels that should be here and are not, and why.
    unserved: Mutex<BTreeMap<String, String>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

struct Supervised {
    stop: CancellationToken,
    /// Cancelled by the task itself when it is over.
    over: CancellationToken,
}

impl Accounts {
    pub(super) fn new(channels: Arc<Channels>, board: Arc<Board>, inbox: Arc<dyn Inbox>) -> Self {
        Self {
            channels,
            board,
            inbox,
            starts: Arc::new(Semaphore::new(PARALLEL_STARTS)),
            supervised: Mutex::default(),
            channel_errors: Mutex::default(),
            listed: Mutex::default(),
            unserved: Mutex::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }

    pub(super) fn channels(&self) -> &Channels {
        &self.channels
    }

    pub(super) fn board(&self) -> &Board {
        &self.board
    }

    pub(super) fn channel_error(&self, channel: &str) -> Option<String> {
        self.errors().get(channel).cloned()
    }

    /// Whether the channel's accounts have been listed since it was added.
    pub(super) fn is_listed(&self, channel: &str) -> bool {
        self.listed().contains(channel)
    }

    /// Channels that should be here and are not, and why.
    pub(super) fn unserved(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.unserved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancelled when the gateway stops.
    pub(super) fn stop_token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Starts all channels, each on its own: one that cannot start does not hold up the others.
    pub(super) fn start_all(self: &Arc<Self>) {
        for id in self.channels.ids() {
            self.open_soon(id);
        }
    }

    /// Adds a channel to the running gateway and starts its accounts; `false` if there is one with
    /// its id already.
    pub(super) fn add(self: &Arc<Self>, channel: Arc<dyn Channel>) -> bool {
        let id = channel.id().to_owned();
        let added = self.channels.add(channel);
        if added {
            self.open_soon(id);
        }
        added
    }

    fn open_soon(self: &Arc<Self>, id: String) {
        let this = Arc::clone(self);
        self.tasks.spawn(async move { this.open(&id).await });
    }

    /// Starts a channel's accounts, trying again while the channel cannot list them.
    async fn open(self: Arc<Self>, channel: &str) {
        let mut failures = 0;
        loop {
            match self.start(channel, None).await {
                // A gateway that is stopped while it starts has not failed.
                Ok(()) | Err(ControlError::Stopping) => return,
                Err(ControlError::Channel { source, .. })
                    if source.retryable && failures < backoff::MAX_ATTEMPTS =>
                {
                    failures += 1;
                    let pause = backoff::pause(failures);
                    tracing::warn!(target: "ocg::account", channel, reason = %source, "cannot list accounts; tries again in {} s", pause.as_secs());
                    if self.stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                        return;
                    }
                }
                Err(error) => {
                    tracing::error!(target: "ocg::account", channel, error = &error as &dyn std::error::Error, "channel not started");
                    return;
                }
            }
        }
    }

    /// Starts one account, or all accounts of a channel; those that run already are left alone.
    pub(super) async fn start(
        self: &Arc<Self>,
        channel: &str,
        account: Option<&str>,
    ) -> Result<(), ControlError> {
        let served = self.channel(channel)?;
        let accounts = self.list(channel, &served).await?;
        let wanted: Vec<_> =
            accounts.into_iter().filter(|known| account.is_none_or(|id| id == known.id)).collect();
        if let (Some(account), true) = (account, wanted.is_empty()) {
            return Err(ControlError::UnknownAccount(AccountKey::new(channel, account)));
        }
        for known in wanted {
            let key = AccountKey::new(channel, &known.id);
            self.board.list(&key, known.name, known.enabled);
            match known.blocked {
                Some(reason) if account.is_some() => {
                    return Err(ControlError::Blocked { account: key, reason });
                }
                Some(reason) => self.note_blocked(&key, reason),
                None => self.spawn(key, &served)?,
            }
        }
        self.listed().insert(channel.to_owned());
        Ok(())
    }

    /// Stops one account, or all accounts of a channel, and returns when they have ended.
    pub(super) async fn stop(
        &self,
        channel: &str,
        account: Option<&str>,
    ) -> Result<(), ControlError> {
        self.channel(channel)?;
        let ended = self.end(channel, |id| account.is_none_or(|account| account == id)).await;
        match account {
            Some(account) if ended == 0 => {
                Err(ControlError::UnknownAccount(AccountKey::new(channel, account)))
            }
            _ => Ok(()),
        }
    }

    /// Ends the accounts of a channel that `which` names; returns how many there were.
    async fn end(&self, channel: &str, which: impl Fn(&str) -> bool) -> usize {
        let ending: Vec<_> = self
            .supervised()
            .iter()
            .filter(|(key, _)| key.channel == channel && which(&key.account))
            .map(|(_, task)| {
                task.stop.cancel();
                task.over.clone()
            })
            .collect();
        for over in &ending {
            over.cancelled().await;
        }
        ending.len()
    }

    /// Ends accounts of a channel, all of them if `only` does not name some, and starts those
    /// again that the channel still has.
    pub(super) async fn renew(
        self: &Arc<Self>,
        channel: &str,
        only: Option<&BTreeSet<String>>,
    ) -> Result<(), ControlError> {
        let served = self.channel(channel)?;
        let which = |id: &str| only.is_none_or(|only| only.contains(id));
        self.end(channel, which).await;
        let listed = self.list(channel, &served).await?;
        let known = |id: &str| listed.iter().any(|account| account.id == id);
        self.supervised().retain(|key, task| {
            key.channel != channel || known(&key.account) || !task.over.is_cancelled()
        });
        self.board.retain(|key| key.channel != channel || known(&key.account));
        for account in listed.into_iter().filter(|account| which(&account.id)) {
            let key = AccountKey::new(channel, &account.id);
            self.board.list(&key, account.name, account.enabled);
            match account.blocked {
                Some(reason) => self.note_blocked(&key, reason),
                None => self.spawn(key, &served)?,
            }
        }
        Ok(())
    }

    /// Ends a channel's accounts, waits a while for its turns and forgets it.
    pub(super) async fn remove(&self, id: &str) -> Result<Arc<dyn Channel>, ControlError> {
        let channel = self.channel(id)?;
        self.end(id, |_| true).await;
        let quiet = async {
            while self.board.turns_of(id) > 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        if tokio::time::timeout(LAST_TURNS, quiet).await.is_err() {
            tracing::warn!(target: "ocg::account", channel = id, "removed while turns are in progress");
        }
        self.channels.remove(id);
        self.errors().remove(id);
        self.listed().remove(id);
        self.supervised().retain(|key, _| key.channel != id);
        self.board.retain(|key| key.channel != id);
        Ok(channel)
    }

    /// Tells all accounts to end.
    pub(super) fn stop_all(&self) {
        self.stop.cancel();
        self.tasks.close();
    }

    /// Returns when all accounts have ended, and lets the channels release what they hold.
    pub(super) async fn ended(&self) {
        self.tasks.wait().await;
        futures::future::join_all(self.channels.all().iter().map(|channel| channel.close())).await;
    }

    pub(super) fn channel(&self, id: &str) -> Result<Arc<dyn Channel>, ControlError> {
        self.channels.get(id).ok_or_else(|| ControlError::UnknownChannel(id.into()))
    }

    pub(super) async fn list(
        &self,
        id: &str,
        channel: &Arc<dyn Channel>,
    ) -> Result<Vec<Account>, ControlError> {
        let listed = AssertUnwindSafe(channel.accounts()).catch_unwind().await;
        let listed = listed.unwrap_or_else(|panic| {
            Err(ChannelError {
                reason: format!("channel panicked: {}", panic_text(&*panic)),
                fault: Fault::Plugin,
                retryable: true,
            })
        });
        match listed {
            Ok(accounts) => {
                self.errors().remove(id);
                Ok(accounts)
            }
            Err(source) => {
                self.errors().insert(id.into(), source.to_string());
                Err(ControlError::Channel { channel: id.into(), source })
            }
        }
    }

    fn note_blocked(&self, key: &AccountKey, reason: String) {
        if self.runs(key) {
            return;
        }
        tracing::info!(target: "ocg::account", account = %key, %reason, "not started");
        self.board.set_state(key, AccountState::Stopped);
        self.board.set_error(key, Some(reason));
    }

    fn runs(&self, key: &AccountKey) -> bool {
        self.supervised().get(key).is_some_and(|task| !task.over.is_cancelled())
    }

    fn spawn(
        self: &Arc<Self>,
        key: AccountKey,
        channel: &Arc<dyn Channel>,
    ) -> Result<(), ControlError> {
        let mut supervised = self.supervised();
        if self.stop.is_cancelled() {
            return Err(ControlError::Stopping);
        }
        if supervised.get(&key).is_some_and(|task| !task.over.is_cancelled()) {
            return Ok(());
        }
        let task = Supervised { stop: self.stop.child_token(), over: CancellationToken::new() };
        let supervisor = Supervisor {
            channel: Arc::clone(channel),
            link: AccountLink::new(key.clone(), Arc::clone(&self.inbox)),
            board: Arc::clone(&self.board),
            starts: Arc::clone(&self.starts),
            stop: task.stop.clone(),
        };
        let over = task.over.clone().drop_guard();
        supervised.insert(key, task);
        self.tasks.spawn(async move {
            let _over = over;
            supervisor.supervise().await;
        });
        Ok(())
    }

    fn supervised(&self) -> MutexGuard<'_, HashMap<AccountKey, Supervised>> {
        self.supervised.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listed(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn errors(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.channel_errors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
