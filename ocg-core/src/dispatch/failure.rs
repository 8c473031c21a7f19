//! Everything that can go wrong with an agent.

use std::time::Duration;

use crate::error::Fault;

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

impl AgentError {
    pub(crate) fn new(kind: AgentErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), retry_after: None }
    }

    /// For the chat user: `Agent error: <short reason>`, without addresses, keys or bodies.
    pub fn user_text(&self) -> String {
        let reason = match self.kind {
            AgentErrorKind::Refused | AgentErrorKind::Dns => "it cannot be reached".to_owned(),
            AgentErrorKind::Tls => "no secure connection to it".to_owned(),
            AgentErrorKind::Timeout => "it took too long to answer".to_owned(),
            AgentErrorKind::Unauthorized => "it refused the gateway's key".to_owned(),
            AgentErrorKind::RateLimited => match self.retry_after {
                Some(pause) => format!("it is busy, try again in {}", human(pause)),
                None => "it is busy, try again later".to_owned(),
            },
            AgentErrorKind::Status(status) => format!("it answered with HTTP {status}"),
            AgentErrorKind::Reported => "it reported a failure".to_owned(),
            AgentErrorKind::NotAnAnswer => "its answer could not be read".to_owned(),
            AgentErrorKind::Dropped => "the connection to it broke".to_owned(),
            AgentErrorKind::TooLarge => "its answer is too long".to_owned(),
            AgentErrorKind::Other => "the request failed".to_owned(),
        };
        format!("Agent error: {reason}")
    }

    /// Whether asking again may help, provided that nothing of the answer was shown yet.
    pub fn retryable(&self) -> bool {
        match self.kind {
            AgentErrorKind::Refused
            | AgentErrorKind::Dns
            | AgentErrorKind::RateLimited
            | AgentErrorKind::Dropped => true,
            AgentErrorKind::Status(status) => matches!(status, 408 | 425 | 500 | 502..=504 | 529),
            // A timeout has already cost the chat user minutes; asking again would double them.
            AgentErrorKind::Timeout
            | AgentErrorKind::Tls
            | AgentErrorKind::Unauthorized
            | AgentErrorKind::Reported
            | AgentErrorKind::NotAnAnswer
            | AgentErrorKind::TooLarge
            | AgentErrorKind::Other => false,
        }
    }

    /// Whose side it is on.
    pub fn fault(&self) -> Fault {
        match self.kind {
            AgentErrorKind::Unauthorized | AgentErrorKind::NotAnAnswer => Fault::Config,
            AgentErrorKind::Other => Fault::Machine,
            _ => Fault::Agent,
        }
    }
}

/// A pause in words, rounded up.
fn human(pause: Duration) -> String {
    let seconds = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
    match seconds {
        0..=1 => "1 second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}
