//! Callback tokens, and the replies that they let in.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{StoreError, TurnId};

/// SHA-256 of a callback token: the token itself is never stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash of a token as it stands in the URL.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// A token that is about to be given to an agent.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its hash.
    pub hash: TokenHash,
    /// The turn that it answers.
    pub turn: TurnId,
    /// From then on it is refused.
    pub expires: SystemTime,
}

/// What an agent said in a callback.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallbackReply {
    /// The text, as the agent wrote it.
    pub text: String,
    /// Files: `http(s)` URLs, `data:` URLs or absolute paths.
    pub media: Vec<String>,
    /// The text reports a failure.
    pub is_error: bool,
    /// More callbacks follow with the same token (`"final": false`).
    pub more: bool,
}

/// A reply that was accepted for delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyRef {
    /// The turn that it answers.
    pub turn: TurnId,
    /// Its number within the turn, from 1.
    pub number: u32,
}

/// Why a token does not let a reply in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// This gateway never issued it, or has forgotten it.
    #[error("unknown callback token")]
    Unknown,
    /// It came too late.
    #[error("the callback token has expired")]
    Expired,
    /// A final reply came before, or the turn has ended otherwise.
    #[error("the callback token was used already")]
    AlreadyUsed,
}

/// A callback that was not accepted. Nothing was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConsumeError {
    /// The token does not allow it.
    #[error(transparent)]
    Refused(#[from] TokenRefusal),
    /// It could not be stored; the token stays valid.
    #[error("the reply could not be stored")]
    Store(#[from] StoreError),
}
