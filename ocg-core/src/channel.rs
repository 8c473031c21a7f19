//! The `Channel` trait: what connects the gateway to one chat platform.

use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::deliver::TextLimit;
use crate::error::Fault;
use crate::gateway::AccountLink;
use crate::reply::{DeliverError, ReplyPayload};

/// What the gateway must know of a channel to cut replies for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTraits {
    /// Longest text of one message.
    pub text_limit: TextLimit,
    /// A block is not sent before it has this many characters ...
    pub block_min_chars: usize,
    /// ... unless the agent has been silent for this long; `None` waits for as long as it takes.
    pub block_idle: Option<Duration>,
    /// The channel takes an answer only as a whole and cuts it itself: one payload with all of its
    /// text, in which no line is longer than `text_limit`, then its files.
    pub whole_answers: bool,
}

impl Default for ChannelTraits {
    fn default() -> Self {
        Self {
            text_limit: 4000.into(),
            block_min_chars: 200,
            block_idle: Some(Duration::from_secs(3)),
            whole_answers: false,
        }
    }
}

/// An account that a channel knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Account id.
    pub id: String,
    /// Name for people to read.
    pub name: Option<String>,
    /// Whether the operator wants it to run.
    pub enabled: bool,
    /// Why it is not started, where that is so (disabled, not logged in ...), and what to do.
    pub blocked: Option<String>,
}

impl Account {
    /// An account that can be started.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), name: None, enabled: true, blocked: None }
    }
}

/// A message that the gateway sends on its own account, outside any turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundMessage {
    /// The account to send from.
    pub account: String,
    /// The chat.
    pub to: String,
    /// Thread or topic inside the chat.
    pub thread: Option<String>,
    /// Message to reply to.
    pub reply_to: Option<String>,
    /// What to send.
    pub payload: ReplyPayload,
}

/// What the platform said of a message that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SendReceipt {
    /// The platform's id of the message.
    pub message_id: Option<String>,
}

/// Memory that a channel's own runtime holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryUse {
    /// Whose memory it is. Channels that share a runtime name the same owner.
    pub owner: String,
    /// Bytes in use.
    pub used: u64,
    /// Bytes at which the runtime is ended.
    pub limit: u64,
}

/// A channel that cannot work.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct ChannelError {
    /// What happened and what to do.
    pub reason: String,
    /// Whose side it is on.
    pub fault: Fault,
    /// Whether starting the account again may help.
    pub retryable: bool,
}

/// A chat platform. One `Channel` serves all accounts of one channel id.
///
/// A channel written in Rust and a channel made of an OpenClaw plugin are the same to the gateway.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Channel id, as in `channels.<id>`.
    fn id(&self) -> &str;

    /// Limits and preferences.
    fn traits(&self) -> ChannelTraits {
        ChannelTraits::default()
    }

    /// The accounts, those that cannot be started included.
    async fn accounts(&self) -> Result<Vec<Account>, ChannelError>;

    /// Serves one account until `stop` is cancelled. Returning earlier is a failure, which the
    /// gateway answers with a restart after a pause (plugin contract §4.4).
    async fn run(
        &self,
        account: &str,
        link: AccountLink,
        stop: CancellationToken,
    ) -> Result<(), ChannelError>;

    /// Tells a sender that the operator has approved them: they have asked for it and wait.
    /// `false` where the channel has no words for that.
    ///
    /// # Errors
    /// They could not be told.
    async fn tell_approved(&self, _account: &str, _sender: &str) -> Result<bool, DeliverError> {
        Ok(false)
    }

    /// Sends a message outside a turn.
    async fn send(&self, message: OutboundMessage) -> Result<SendReceipt, DeliverError> {
        Err(DeliverError {
            target: message.to,
            reason: format!("channel {} cannot send on its own account", self.id()),
            fault: Fault::Config,
            retryable: false,
        })
    }

    /// What memory the channel uses, where it has a runtime of its own that is running. Asked when
    /// metrics are read.
    async fn memory(&self) -> Option<MemoryUse> {
        None
    }

    /// Releases what the channel holds, after its last account has ended.
    async fn close(&self) {}
}
