//! All accounts of all channels: which there are, which run, and who owns their tasks.

use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::backoff;
use super::board::Board;
use super::handle::ControlError;
use super::link::{AccountLink, AccountState, Inbox};
use super::supervise::{Supervisor, panic_text};
use crate::channel::{Account, Channel, ChannelError};
use crate::error::Fault;
use crate::message::AccountKey;

/// Accounts that start at the same time (plugin contract §4.4).
const PARALLEL_STARTS: usize = 4;

/// The channels by id.
pub(super) type Channels = BTreeMap<String, Arc<dyn Channel>>;

pub(super) struct Accounts {
    channels: Arc<Channels>,
    board: Arc<Board>,
    inbox: Arc<dyn Inbox>,
    starts: Arc<Semaphore>,
    supervised: Mutex<HashMap<AccountKey, Supervised>>,
    /// Why a channel's accounts cannot be listed.
    channel_errors: Mutex<BTreeMap<String, String>>,
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

    /// Cancelled when the gateway stops.
    pub(super) fn stop_token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Starts all channels, each on its own: one that cannot start does not hold up the others.
    pub(super) fn start_all(self: &Arc<Self>) {
        for id in self.channels.keys() {
            let (this, id) = (Arc::clone(self), id.clone());
            self.tasks.spawn(async move { this.open(&id).await });
        }
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
            self.board.list(&key, known.name);
            match known.blocked {
                Some(reason) if account.is_some() => {
                    return Err(ControlError::Blocked { account: key, reason });
                }
                Some(reason) => self.note_blocked(&key, reason),
                None => self.spawn(key, &served)?,
            }
        }
        Ok(())
    }

    /// Stops one account, or all accounts of a channel, and returns when they have ended.
    pub(super) async fn stop(
        &self,
        channel: &str,
        account: Option<&str>,
    ) -> Result<(), ControlError> {
        self.channel(channel)?;
        let ending: Vec<_> = self
            .supervised()
            .iter()
            .filter(|(key, _)| key.channel == channel && account.is_none_or(|id| id == key.account))
            .map(|(_, task)| {
                task.stop.cancel();
                task.over.clone()
            })
            .collect();
        if let (Some(account), true) = (account, ending.is_empty()) {
            return Err(ControlError::UnknownAccount(AccountKey::new(channel, account)));
        }
        for over in ending {
            over.cancelled().await;
        }
        Ok(())
    }

    /// Tells all accounts to end.
    pub(super) fn stop_all(&self) {
        self.stop.cancel();
        self.tasks.close();
    }

    /// Returns when all accounts have ended, and lets the channels release what they hold.
    pub(super) async fn ended(&self) {
        self.tasks.wait().await;
        futures::future::join_all(self.channels.values().map(|channel| channel.close())).await;
    }

    pub(super) fn channel(&self, id: &str) -> Result<Arc<dyn Channel>, ControlError> {
        self.channels.get(id).cloned().ok_or_else(|| ControlError::UnknownChannel(id.into()))
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

    fn errors(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.channel_errors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
