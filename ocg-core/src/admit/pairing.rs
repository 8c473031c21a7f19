//! Pairing: unknown senders ask, the operator approves.

use std::collections::BTreeMap;
use std::path::PathBuf;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::message::AccountKey;

/// A sender who waits for approval, in the form that plugins know (plugin contract §6.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PairingRequest {
    /// The sender's id.
    pub id: String,
    /// What the operator types to approve.
    pub code: String,
    /// When the sender first asked (RFC 3339, UTC).
    pub created_at: String,
    /// When the sender last wrote (RFC 3339, UTC).
    pub last_seen_at: String,
    /// What else is known of the sender, such as a name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meta: BTreeMap<String, String>,
    /// The account that was written to.
    pub account_id: String,
}

/// Answer to a sender who is not approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The sender's code.
    pub code: String,
    /// The request is new: only then is the sender told.
    pub created: bool,
}

/// A pairing operation that failed.
#[derive(Debug, thiserror::Error)]
pub enum PairingError {
    /// As many senders as allowed wait already.
    #[error(
        "{account} already has {pending} senders waiting for approval; approve or deny one with `ocg pairing`"
    )]
    Full {
        /// The account.
        account: AccountKey,
        /// How many wait.
        pending: usize,
    },
    /// No such code.
    #[error(
        "no pending pairing request on {channel} has the code {code}; codes expire after one hour"
    )]
    UnknownCode {
        /// Channel id.
        channel: String,
        /// What was typed.
        code: String,
    },
    /// The id cannot be part of a file name.
    #[error("'{0}' cannot be used as a channel or account id; see `ocg channels list`")]
    BadId(String),
    /// The file could not be read or written.
    #[error("cannot use pairing file {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("pairing file {} is damaged; correct it or remove it", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

/// Where approved senders and pairing requests are kept.
#[async_trait]
pub trait PairingStore: Send + Sync {
    /// The approved senders of exactly this account.
    async fn allowed(&self, account: &AccountKey) -> Result<Vec<String>, PairingError>;

    /// Notes that `sender` wrote. A sender who waits already keeps the code.
    async fn upsert(
        &self,
        account: &AccountKey,
        sender: &str,
        meta: BTreeMap<String, String>,
    ) -> Result<Challenge, PairingError>;

    /// The requests that wait on a channel, oldest first.
    async fn list(&self, channel: &str) -> Result<Vec<PairingRequest>, PairingError>;

    /// Approves the sender with this code, who may write from now on.
    async fn approve(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError>;

    /// Removes the request with this code.
    async fn deny(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError>;
}
