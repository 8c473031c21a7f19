//! The sender gate: applies a [`SenderPolicy`](super::SenderPolicy) to one message.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::pairing::{Challenge, PairingError, PairingStore};
use super::policy::{DmPolicy, GroupPolicy};
use crate::message::{ChatKind, InboundMessage};

/// What the gate says of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The agent may answer.
    Allowed,
    /// The sender may not talk to the agent; says why, for the log.
    Refused(String),
    /// The operator must approve the sender first.
    Pairing(Challenge),
}

/// Decides who may talk to the agent, after the channel's own checks (plugin contract §6.1).
pub struct SenderGate {
    pairing: Arc<dyn PairingStore>,
}

impl SenderGate {
    /// A gate that asks `pairing` for approved senders.
    pub fn new(pairing: Arc<dyn PairingStore>) -> Self {
        Self { pairing }
    }

    /// Applies the message's policy. A pairing store that fails lets nobody in.
    pub async fn check(&self, message: &InboundMessage) -> Verdict {
        let (channel, sender) = (&message.origin.channel, &message.sender.id);
        let policy = &message.policy;
        match message.chat.kind {
            ChatKind::Direct => match policy.dm {
                DmPolicy::Open => Verdict::Allowed,
                DmPolicy::Disabled => Verdict::Refused("direct chats are disabled".into()),
                DmPolicy::Allowlist => listed_or(channel, sender, &policy.allow_from, "allowFrom"),
                DmPolicy::Pairing if is_listed(channel, sender, &policy.allow_from) => {
                    Verdict::Allowed
                }
                DmPolicy::Pairing => self.check_pairing(message).await,
            },
            ChatKind::Group | ChatKind::Channel => match policy.group {
                GroupPolicy::Open => Verdict::Allowed,
                GroupPolicy::Disabled => Verdict::Refused("groups are disabled".into()),
                GroupPolicy::Allowlist => {
                    listed_or(channel, sender, &policy.group_allow_from, "groupAllowFrom")
                }
            },
        }
    }

    async fn check_pairing(&self, message: &InboundMessage) -> Verdict {
        let approved = self.pairing.allowed(&message.origin).await.unwrap_or_else(|error| {
            tracing::warn!(target: "ocg::admit", account = %message.origin, error = &error as &dyn std::error::Error, "approved senders cannot be read");
            Vec::new()
        });
        if is_listed(&message.origin.channel, &message.sender.id, &approved) {
            return Verdict::Allowed;
        }
        let mut meta = BTreeMap::new();
        if let Some(name) = &message.sender.name {
            meta.insert("name".to_owned(), name.clone());
        }
        match self.pairing.upsert(&message.origin, &message.sender.id, meta).await {
            Ok(challenge) => Verdict::Pairing(challenge),
            Err(error @ PairingError::Full { .. }) => Verdict::Refused(error.to_string()),
            Err(error) => {
                tracing::warn!(target: "ocg::admit", account = %message.origin, error = &error as &dyn std::error::Error, "pairing request cannot be kept");
                Verdict::Refused(format!("the sender is not approved, and {error}"))
            }
        }
    }
}

fn listed_or(channel: &str, sender: &str, list: &[String], name: &str) -> Verdict {
    if is_listed(channel, sender, list) {
        Verdict::Allowed
    } else {
        Verdict::Refused(format!("the sender is not in {name}"))
    }
}

/// Ids are compared without case, and with or without the channel's prefix; `*` is everybody.
fn is_listed(channel: &str, sender: &str, list: &[String]) -> bool {
    let sender = bare_id(channel, sender);
    list.iter().any(|entry| {
        let entry = bare_id(channel, entry);
        entry == "*" || (!entry.is_empty() && entry == sender)
    })
}

fn bare_id(channel: &str, id: &str) -> String {
    let id = id.trim().to_lowercase();
    match id.split_once(':') {
        Some((prefix, rest)) if prefix == channel.to_lowercase() => rest.trim().to_owned(),
        _ => id,
    }
}
