//! Who may talk to the agent.

/// Policy for direct chats (plugin contract §6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DmPolicy {
    /// Everybody.
    #[default]
    Open,
    /// Only those in `allow_from`.
    Allowlist,
    /// Those in `allow_from` and those the operator has approved.
    Pairing,
    /// Nobody.
    Disabled,
}

/// Policy for groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GroupPolicy {
    /// Every group member.
    #[default]
    Open,
    /// Only senders in `group_allow_from`.
    Allowlist,
    /// Nobody.
    Disabled,
}

/// The sender gate's rules for one message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SenderPolicy {
    /// Direct chats.
    pub dm: DmPolicy,
    /// Allowed senders in direct chats; `*` is everybody.
    pub allow_from: Vec<String>,
    /// Groups.
    pub group: GroupPolicy,
    /// Allowed senders in groups; `*` is everybody.
    pub group_allow_from: Vec<String>,
}
