//! Where a reply goes.

use ocg_core::message::{AccountKey, InboundMessage};

/// A chat of an account, as the channel's outbound adapter addresses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) account: AccountKey,
    pub(super) to: String,
    pub(super) thread: Option<String>,
    pub(super) reply_to: Option<String>,
}

impl Route {
    pub(super) fn of(message: &InboundMessage) -> Self {
        Self {
            account: message.origin.clone(),
            to: message.chat.id.clone(),
            thread: message.chat.thread.clone(),
            reply_to: None,
        }
    }
}
