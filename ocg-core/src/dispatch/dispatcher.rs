//! The `Dispatcher` trait: what takes a message to an agent and brings the answer back.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use url::Url;

use super::{AgentError, AgentSettings};
use crate::message::InboundMessage;
use crate::store::TurnId;

/// One earlier exchange of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryTurn {
    /// What the user asked.
    pub user: String,
    /// What the agent answered.
    pub assistant: String,
}

/// Where an agent posts its reply, for one message.
#[derive(Debug, Clone)]
pub struct CallbackAddress {
    /// The URL, with a token that is good for this message alone.
    pub url: Url,
    /// Id of the forward, the same in each attempt.
    pub id: String,
    /// Secret that the forward is signed with.
    pub secret: Option<SecretString>,
}

/// A message on its way to the agent.
#[derive(Debug, Clone)]
pub struct DispatchRequest {
    /// The turn's number in the store.
    pub turn: TurnId,
    /// The message.
    pub message: Arc<InboundMessage>,
    /// The agent that answers this account.
    pub agent: Arc<AgentSettings>,
    /// Earlier turns of the session, oldest first; empty unless `history.maxTurns` is set.
    pub history: Vec<HistoryTurn>,
    /// Set when the agent is to answer later, at this address.
    pub callback: Option<CallbackAddress>,
}

/// A piece of the agent's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyEvent {
    /// More text.
    Delta(String),
    /// A file: an `http(s)` URL, a `data:` URL or an absolute path.
    Media(String),
}

/// How a dispatch ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispatched {
    /// The answer is complete: all of it went through the channel of events.
    Answered,
    /// The agent has accepted the message and will call back.
    Deferred,
}

/// Takes messages to an agent.
///
/// `events` is bounded: an agent that writes faster than the chat takes is slowed down. Dropping
/// the returned future abandons the request.
#[async_trait]
pub trait Dispatcher: Send + Sync {
    /// Asks the agent and passes its answer on, piece by piece.
    async fn dispatch(
        &self,
        request: DispatchRequest,
        events: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError>;

    /// How often agents were asked again after a failure, since the dispatcher was made.
    fn retries(&self) -> u64 {
        0
    }
}
