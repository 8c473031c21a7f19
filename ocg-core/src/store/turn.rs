//! The turn journal.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::{CallbackReply, Part, TokenHash};
use crate::channel::OutboundMessage;
use crate::message::InboundMessage;
use crate::reply::ReplyPayload;

/// A turn of the journal. Later turns have greater numbers, whatever the clock says.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct TurnId(pub i64);

impl fmt::Display for TurnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a message that is delivered again is recognised by: the first half of a SHA-256 over
/// account, chat, id and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 16]);

/// A message that the gateway is about to take over.
#[derive(Debug, Clone)]
pub struct NewTurn {
    /// The message, with everything that is needed to run the turn again.
    pub message: InboundMessage,
    /// What it is recognised by; `None` where the platform gives its messages no ids.
    pub fingerprint: Option<Fingerprint>,
}

/// Whether a message was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    /// Yes: from here on it is answered, also after a crash.
    New(TurnId),
    /// No: it was taken over before.
    Known,
}

/// How far an unfinished turn has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnState {
    /// To be run, or run again.
    Admitted,
    /// The agent has accepted it and will call back.
    Forwarded {
        /// When its token expires; `None` once the final reply is in, or without a token.
        until: Option<SystemTime>,
    },
}

/// An unfinished turn, as it is found at the start.
#[derive(Debug, Clone)]
pub struct JournalledTurn {
    /// Its number.
    pub id: TurnId,
    /// The message.
    pub message: InboundMessage,
    /// When it was admitted.
    pub admitted: SystemTime,
    /// How far it has come.
    pub state: TurnState,
    /// The token that still lets replies in.
    pub token: Option<TokenHash>,
    /// Replies of callbacks that are not delivered yet, with their numbers, oldest first.
    pub replies: Vec<(u32, CallbackReply)>,
    /// Parts of replies that were sent, or may have been.
    pub parts: Vec<Part>,
}

/// The message that carries `payload` to the chat that `message` came from, through the channel's
/// outbound adapter.
pub fn outbound(message: &InboundMessage, payload: ReplyPayload) -> OutboundMessage {
    OutboundMessage {
        account: message.origin.account.clone(),
        to: message.chat.id.clone(),
        thread: message.chat.thread.clone(),
        reply_to: None,
        payload,
    }
}
