//! What a running account holds of the gateway.

use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;

use crate::message::{AccountKey, InboundMessage};
use crate::reply::ReplySink;

/// State of an account, for `ocg status`, `/readyz` and the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccountState {
    /// Being started.
    #[default]
    Starting,
    /// Serving its chats.
    Running,
    /// Failed; starts again after a pause.
    Backoff,
    /// Ended for good: switched off, not logged in, or failed too often.
    Stopped,
}

/// What a channel reports of an account; absent fields stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusPatch {
    /// Connected and receiving, or not.
    pub connected: Option<bool>,
    /// The last error; `Some(None)` clears it.
    pub last_error: Option<Option<String>>,
    /// When the last message came in.
    pub last_inbound: Option<SystemTime>,
    /// Do not start this account again: a person must act first.
    pub terminal: Option<bool>,
}

/// What became of a message at the hand-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// The gateway has taken it over and will answer.
    Accepted,
    /// The sender may not talk to the agent; says why. Nothing was answered.
    Refused(String),
    /// The sender must be approved first; the sink was given the pairing code to show.
    PairingRequired,
    /// The chat already has too many messages waiting; the user was told.
    Busy,
    /// The platform delivered it again: it is or was answered, and nothing more is said.
    Duplicate,
    /// The gateway is stopping; the message was not taken.
    Stopping,
}

/// The gateway's side of the hand-off.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Takes a message over. Returns as soon as it is decided whether the gateway answers it, not
    /// when it is answered.
    async fn submit(&self, message: InboundMessage, sink: Box<dyn ReplySink>) -> Admission;

    /// Records what a channel says of an account.
    fn status(&self, account: &AccountKey, patch: StatusPatch);
}

/// A running account's handle to the gateway.
#[derive(Clone)]
pub struct AccountLink {
    key: AccountKey,
    inbox: Arc<dyn Inbox>,
}

impl AccountLink {
    /// The link of `key` to `inbox`.
    pub fn new(key: AccountKey, inbox: Arc<dyn Inbox>) -> Self {
        Self { key, inbox }
    }

    /// The account.
    pub fn key(&self) -> &AccountKey {
        &self.key
    }

    /// Hands a message over; see [`Inbox::submit`].
    pub async fn submit(&self, message: InboundMessage, sink: Box<dyn ReplySink>) -> Admission {
        self.inbox.submit(message, sink).await
    }

    /// Reports the account's state.
    pub fn status(&self, patch: StatusPatch) {
        self.inbox.status(&self.key, patch);
    }
}
