//! What someone said.

/// A message to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub(super) room: i64,
    /// Its id in the chat.
    pub message_id: i64,
    /// The update that tells of it; none if the bot does not want to know.
    pub update_id: Option<i64>,
}
