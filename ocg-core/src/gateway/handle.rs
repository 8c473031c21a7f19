//! What the rest of the program sees of a running gateway.

use std::sync::Arc;

use super::accounts::Accounts;
use super::board::AccountSnapshot;
use super::callbacks::{CallbackCounts, CallbackRefusal};
use super::inbox::{TurnCounts, Turns};
use crate::channel::{ChannelError, OutboundMessage, SendReceipt};
use crate::message::AccountKey;
use crate::reply::DeliverError;
use crate::store::{CallbackReply, StoreHealth};

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
}

/// One channel at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSnapshot {
    /// Channel id.
    pub id: String,
    /// Why its accounts cannot be listed.
    pub error: Option<String>,
    /// Its accounts, by id.
    pub accounts: Vec<AccountSnapshot>,
}

/// A request to the running gateway that cannot be met.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No such channel.
    #[error("no channel '{0}' is loaded; see `ocg channels list`")]
    UnknownChannel(String),
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
        let channels = self.accounts.channels().keys().map(|id| ChannelSnapshot {
            id: id.clone(),
            error: self.accounts.channel_error(id),
            accounts: snapshots.iter().filter(|one| one.key.channel == *id).cloned().collect(),
        });
        let (running_turns, waiting_turns) = self.turns.load();
        GatewayStatus {
            channels: channels.collect(),
            running_turns,
            waiting_turns,
            ended: self.turns.ended(),
            callbacks: self.turns.callbacks().counts(),
        }
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

    /// Longest message of an account, in UTF-16 code units; `None` without such a channel.
    pub fn text_limit(&self, channel: &str, account: &str) -> Option<usize> {
        let limit = self.accounts.channels().get(channel)?.traits().text_limit;
        let own = self.turns.reply_limit(&AccountKey::new(channel, account));
        Some(own.unwrap_or(usize::MAX).min(limit))
    }

    /// How the store is doing.
    pub fn store_health(&self) -> StoreHealth {
        self.turns.store().health()
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
}
