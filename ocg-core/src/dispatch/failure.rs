//! Everything that can go wrong with an agent.

use std::time::Duration;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentErrorKind {
    /// Nothing listens there.
    Refused,
    /// The host name has no address.
    Dns,
    /// TLS could not be set up.
    Tls,
    /// No answer, or silence in mid-answer, for too long.
    Timeout,
    /// 401 or 403: the key is missing or wrong.
    Unauthorized,
    /// 429.
    RateLimited,
    /// Another status code.
    Status(u16),
    /// An error object, in a 200 answer or in the stream.
    Reported,
    /// The answer is no chat completion (a web page, for example).
    NotAnAnswer,
    /// The connection broke before the answer was complete.
    Dropped,
    /// The answer is longer than the gateway accepts.
    TooLarge,
    /// Anything else.
    Other,
}

/// An agent that did not answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{detail}")]
pub struct AgentError {
    /// What went wrong.
    pub kind: AgentErrorKind,
    /// For the operator: what happened, without keys or bodies.
    pub detail: String,
    /// How long the agent asks to be left alone (`Retry-After`).
    pub retry_after: Option<Duration>,
}
