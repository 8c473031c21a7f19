//! What the rest of the program sees of a running gateway.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::accounts::Accounts;
use super::board::AccountSnapshot;
use super::callbacks::{CallbackCounts, CallbackRefusal};
use super::inbox::{TurnCounts, Turns};
use super::measures::ChannelMeasures;
use crate::channel::{Channel, ChannelError, MemoryUse, OutboundMessage, SendReceipt};
use crate::deliver::TextLimit;
use crate::message::AccountKey;
use crate::reply::DeliverError;
use crate::store::{CallbackReply, Store, StoreHealth};

/// How long a channel may take to say what memory it uses.
const MEMORY_PATIENCE: Duration = Duration::from_secs(1);

/// The gateway at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayStatus {
    /// All channels, by id.
    pub channels: Vec<ChannelSnapshot>,
    /// Turns that run now.
    pub running_turns: usize,
    /// Messages that wait for their turn.
    pub waiting_turns: usize,
    /// Turns that have ended, by outcome.
    pub ended: TurnCounts,
    /// Turns that wait for callbacks, and what became of others.
    pub callbacks: CallbackCounts,
    /// How long things take, by channel; channels without a turn since the start are not there.
    pub measures: BTreeMap<String, ChannelMeasures>,
    /// How often agents were asked again after a failure.
    pub agent_retries: u64,
    /// Why the store cannot be written, where that is so: no message is taken until it can.
    pub store_error: Option<String>,
}

/// One channel at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSnapshot {
    /// Channel id.
    pub id: String,
    /// Why it is not there, or its accounts cannot be listed.
    pub error: Option<String>,
    /// Whether its accounts are known; a channel that is still starting has not told them.
    pub listed: bool,
    /// Its accounts, by id.
    pub accounts: Vec<AccountSnapshot>,
}

/// A request to the running gateway that cannot be met.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No such channel.
    #[error("no channel '{0}' is loaded; see `ocg channels list`")]
    UnknownChannel(String),
    /// There is such a channel already.
    #[error("channel '{0}' is loaded already")]
    DuplicateChannel(String),
    /// No such account.
    #[error("channel {} has no account '{}'; see `ocg channels status`", .0.channel, .0.account)]
    UnknownAccount(AccountKey),
    /// The account cannot be started.
    #[error("{account} cannot be started: {reason}")]
    Blocked {
        /// The account.
        account: AccountKey,
        /// Why, and what to do.
        reason: String,
    },
    /// The channel cannot say which accounts it has.
    #[error("channel {channel} cannot list its accounts")]
    Channel {
        /// Channel id.
        channel: String,
        /// What the channel said.
        #[source]
        source: ChannelError,
    },
    /// The message was not sent.
    #[error("message not sent")]
    Send(#[from] DeliverError),
    /// The gateway is stopping.
    #[error("the gateway is stopping")]
    Stopping,
}

/// A cheap handle to a gateway, good before, while and after it runs.
#[derive(Clone)]
pub struct GatewayHandle {
    pub(super) accounts: Arc<Accounts>,
    pub(super) turns: Arc<Turns>,
}

impl GatewayHandle {
    /// What the gateway is doing.
    pub fn status(&self) -> GatewayStatus {
        let snapshots = self.accounts.board().snapshots();
        let channels = self.accounts.channels().ids().into_iter().map(|id| ChannelSnapshot {
            error: self.accounts.channel_error(&id),
            listed: self.accounts.is_listed(&id),
            accounts: snapshots.iter().filter(|one| one.key.channel == id).cloned().collect(),
            id,
        });
        let mut channels: Vec<_> = channels.collect();
        for (id, reason) in self.accounts.unserved().iter() {
            let error = Some(reason.clone());
            let missing =
                ChannelSnapshot { id: id.clone(), error, listed: false, accounts: vec![] };
            if channels.iter().all(|one| one.id != *id) {
                channels.push(missing);
            }
        }
        channels.sort_by(|a, b| a.id.cmp(&b.id));
        let (running_turns, waiting_turns) = self.turns.load();
        GatewayStatus {
            channels,
            running_turns,
            waiting_turns,
            ended: self.turns.ended(),
            callbacks: self.turns.callbacks().counts(),
            measures: self.turns.measures(),
            agent_retries: self.turns.agent_retries(),
            store_error: match self.turns.store().health() {
                StoreHealth::Good => None,
                StoreHealth::Degraded(reason) => Some(reason),
            },
        }
    }

    /// What the channels' runtimes hold, each runtime once. One that is too busy to say is left
    /// out.
    pub async fn memory(&self) -> Vec<MemoryUse> {
        let channels = self.accounts.channels().all();
        let asked = channels.iter().map(|channel| timeout(MEMORY_PATIENCE, channel.memory()));
        let answers = futures::future::join_all(asked).await;
        let uses = answers.into_iter().filter_map(|answer| answer.ok().flatten());
        let by_owner: BTreeMap<_, _> = uses.map(|one| (one.owner.clone(), one)).collect();
        by_owner.into_values().collect()
    }

    /// Says which channels should be served and are not, and why: the gateway shows them in its
    /// status and is not ready.
    pub fn set_unserved(&self, channels: BTreeMap<String, String>) {
        *self.accounts.unserved() = channels;
    }

    /// Starts one account, or with `None` all accounts of a channel. The channel is asked again
    /// which accounts it has, so that one which has just logged in is found.
    pub async fn start(&self, channel: &str, account: Option<&str>) -> Result<(), ControlError> {
        self.accounts.start(channel, account).await
    }

    /// Stops one account, or with `None` all accounts of a channel, and returns when they have
    /// ended. Turns in progress go on.
    pub async fn stop(&self, channel: &str, account: Option<&str>) -> Result<(), ControlError> {
        self.accounts.stop(channel, account).await
    }

    /// Stops and starts; an account that does not run is just started.
    pub async fn restart(&self, channel: &str, account: Option<&str>) -> Result<(), ControlError> {
        match self.stop(channel, account).await {
            Ok(()) | Err(ControlError::UnknownAccount(_)) => self.start(channel, account).await,
            Err(error) => Err(error),
        }
    }

    /// Accepts what an agent says in a callback. Once this returns, the reply is delivered, also
    /// after a crash, as far as the store is durable.
    ///
    /// # Errors
    /// The token does not allow it, or it cannot be taken now.
    pub async fn callback(&self, token: &str, reply: CallbackReply) -> Result<(), CallbackRefusal> {
        self.turns.callbacks().accept(token, reply).await
    }

    /// Longest message of an account; `None` without such a channel.
    pub fn text_limit(&self, channel: &str, account: &str) -> Option<TextLimit> {
        let limit = self.accounts.channels().get(channel)?.traits().text_limit;
        let own = self.turns.reply_limit(&AccountKey::new(channel, account));
        Some(limit.at_most(own.unwrap_or(usize::MAX)))
    }

    /// Where turns, replies and send requests are on record.
    pub fn store(&self) -> &Arc<dyn Store> {
        self.turns.store()
    }

    /// How the store is doing.
    pub fn store_health(&self) -> StoreHealth {
        self.turns.store().health()
    }

    /// Ends the accounts of a channel, all of them if `only` does not name some, asks the channel
    /// anew which it has, and starts them: what to do after its configuration has changed.
    pub async fn renew(
        &self,
        channel: &str,
        only: Option<&BTreeSet<String>>,
    ) -> Result<(), ControlError> {
        self.accounts.renew(channel, only).await
    }

    /// Adds a channel and starts its accounts.
    ///
    /// # Errors
    /// There is one with its id.
    pub fn add_channel(&self, channel: Arc<dyn Channel>) -> Result<(), ControlError> {
        let id = channel.id().to_owned();
        if self.accounts.add(channel) { Ok(()) } else { Err(ControlError::DuplicateChannel(id)) }
    }

    /// Ends a channel's accounts, gives its turns 30 seconds to end and removes it. The channel is
    /// not closed: others may share what it holds.
    pub async fn remove_channel(&self, channel: &str) -> Result<Arc<dyn Channel>, ControlError> {
        self.accounts.remove(channel).await
    }

    /// Sends a message outside any turn, from an account that need not run.
    pub async fn send(
        &self,
        channel: &str,
        message: OutboundMessage,
    ) -> Result<SendReceipt, ControlError> {
        let served = self.accounts.channel(channel)?;
        if self.accounts.stop_token().is_cancelled() {
            return Err(ControlError::Stopping);
        }
        let known = self.accounts.list(channel, &served).await?;
        if known.iter().all(|account| account.id != message.account) {
            return Err(ControlError::UnknownAccount(AccountKey::new(channel, &message.account)));
        }
        Ok(served.send(message).await?)
    }

    /// Tells a sender that the operator has approved them. `false` where the channel has no words
    /// for that.
    pub async fn tell_approved(
        &self,
        account: &AccountKey,
        sender: &str,
    ) -> Result<bool, ControlError> {
        let served = self.accounts.channel(&account.channel)?;
        Ok(served.tell_approved(&account.account, sender).await?)
    }
}
