//! The outbox: what is known of each part of a reply.

use super::TurnId;
use crate::reply::{ReplyKind, ReplyPayload};

/// Place of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartKey {
    /// The turn.
    pub turn: TurnId,
    /// The reply within the turn: 0 is the streamed answer, callbacks count from 1.
    pub reply: u32,
    /// The part within the reply, from 0.
    pub part: u32,
}

/// What is known of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartState {
    /// It was about to be sent when this was written: the outcome is unknown.
    Attempted,
    /// The platform has taken it.
    Sent,
    /// It was given up.
    Failed,
}

/// A part of a reply that was sent, or may have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its place.
    pub key: PartKey,
    /// Block or final.
    pub kind: ReplyKind,
    /// What was sent.
    pub payload: ReplyPayload,
    /// What became of it.
    pub state: PartState,
    /// How often it was attempted.
    pub attempts: u32,
}
