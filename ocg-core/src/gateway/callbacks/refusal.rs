//! Why a callback is not accepted.

use crate::store::{ConsumeError, StoreError, TokenRefusal};

/// A callback that was not accepted; nothing of it is delivered.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallbackRefusal {
    /// The token does not allow it.
    #[error(transparent)]
    Token(#[from] TokenRefusal),
    /// Too many replies wait for delivery in this chat; the token stays valid.
    #[error("too many replies wait for delivery in this chat; try again later")]
    Busy,
    /// The gateway is stopping; the token stays valid.
    #[error("the gateway is stopping; try again later")]
    Stopping,
    /// The reply could not be stored; the token stays valid.
    #[error("the reply could not be stored; try again later")]
    Store(#[source] StoreError),
}

impl From<ConsumeError> for CallbackRefusal {
    fn from(error: ConsumeError) -> Self {
        match error {
            ConsumeError::Refused(refusal) => Self::Token(refusal),
            ConsumeError::Store(error) => Self::Store(error),
        }
    }
}
