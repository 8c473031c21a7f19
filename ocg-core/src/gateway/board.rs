//! What is known of every account at this moment.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::Notify;

use super::link::{AccountState, StatusPatch};
use crate::message::AccountKey;

/// One account at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSnapshot {
    /// The account.
    pub key: AccountKey,
    /// Name for people to read.
    pub name: Option<String>,
    /// Whether the operator wants it to run.
    pub enabled: bool,
    /// What it is doing.
    pub state: AccountState,
    /// Since when.
    pub since: SystemTime,
    /// Whether the channel says that it is connected; `None` where it does not say.
    pub connected: Option<bool>,
    /// The last error, or why it is stopped.
    pub last_error: Option<String>,
    /// When the last message came in.
    pub last_inbound: Option<SystemTime>,
    /// Turns that run or wait.
    pub turns: usize,
    /// How often it was started again after a failure.
    pub restarts: u32,
}

/// The board of all accounts.
#[derive(Default)]
pub(super) struct Board {
    entries: Mutex<BTreeMap<AccountKey, Entry>>,
    /// Rings when a channel has reported something.
    reported: Notify,
}

struct Entry {
    shown: AccountSnapshot,
    terminal: bool,
}

impl Board {
    fn entries(&self) -> MutexGuard<'_, BTreeMap<AccountKey, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn snapshots(&self) -> Vec<AccountSnapshot> {
        self.entries().values().map(|entry| entry.shown.clone()).collect()
    }

    /// Lists an account; what is known of it already stays.
    pub(super) fn list(&self, key: &AccountKey, name: Option<String>, enabled: bool) {
        let mut entries = self.entries();
        let entry = entries.entry(key.clone()).or_insert_with(|| Entry {
            shown: AccountSnapshot {
                key: key.clone(),
                name: None,
                enabled,
                state: AccountState::Starting,
                since: SystemTime::now(),
                connected: None,
                last_error: None,
                last_inbound: None,
                turns: 0,
                restarts: 0,
            },
            terminal: false,
        });
        entry.shown.name = name;
        entry.shown.enabled = enabled;
    }

    /// Forgets the accounts that `keep` does not want.
    pub(super) fn retain(&self, keep: impl Fn(&AccountKey) -> bool) {
        self.entries().retain(|key, _| keep(key));
    }

    /// The turns of a channel that run or wait.
    pub(super) fn turns_of(&self, channel: &str) -> usize {
        let entries = self.entries();
        let of_channel = entries.values().filter(|entry| entry.shown.key.channel == channel);
        of_channel.map(|entry| entry.shown.turns).sum()
    }

    /// Changes an account that is listed.
    fn change<T>(&self, key: &AccountKey, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.entries().get_mut(key).map(change)
    }

    pub(super) fn set_state(&self, key: &AccountKey, state: AccountState) {
        self.change(key, |entry| {
            if entry.shown.state != state {
                entry.shown.state = state;
                entry.shown.since = SystemTime::now();
            }
            if state == AccountState::Starting {
                entry.terminal = false;
            }
            if state != AccountState::Running {
                entry.shown.connected = None;
            }
        });
    }

    pub(super) fn set_error(&self, key: &AccountKey, error: Option<String>) {
        self.change(key, |entry| entry.shown.last_error = error);
    }

    pub(super) fn count_restart(&self, key: &AccountKey) {
        self.change(key, |entry| entry.shown.restarts += 1);
    }

    pub(super) fn turn_added(&self, key: &AccountKey) {
        self.change(key, |entry| {
            entry.shown.turns += 1;
            entry.shown.last_inbound = Some(SystemTime::now());
        });
    }

    pub(super) fn turn_ended(&self, key: &AccountKey) {
        self.change(key, |entry| entry.shown.turns = entry.shown.turns.saturating_sub(1));
    }

    /// Merges what a channel reports; an account that is not listed is ignored.
    pub(super) fn merge(&self, key: &AccountKey, patch: StatusPatch) {
        self.change(key, |entry| {
            let shown = &mut entry.shown;
            if let Some(connected) = patch.connected {
                shown.connected = Some(connected);
                if connected && shown.state == AccountState::Starting {
                    shown.state = AccountState::Running;
                    shown.since = SystemTime::now();
                }
            }
            if let Some(error) = patch.last_error {
                shown.last_error = error;
            }
            if let Some(at) = patch.last_inbound {
                shown.last_inbound = Some(at);
            }
            if let Some(terminal) = patch.terminal {
                entry.terminal = terminal;
            }
        });
        self.reported.notify_waiters();
    }

    /// The channel said that a person must act before the account can work again.
    pub(super) fn is_terminal(&self, key: &AccountKey) -> bool {
        self.change(key, |entry| entry.terminal).unwrap_or(false)
    }

    fn is_running(&self, key: &AccountKey) -> bool {
        self.change(key, |entry| entry.shown.state == AccountState::Running).unwrap_or(false)
    }

    /// Returns when the account has reported that it is connected.
    pub(super) async fn running(&self, key: &AccountKey) {
        loop {
            let mut reported = std::pin::pin!(self.reported.notified());
            reported.as_mut().enable();
            if self.is_running(key) {
                return;
            }
            reported.await;
        }
    }
}
