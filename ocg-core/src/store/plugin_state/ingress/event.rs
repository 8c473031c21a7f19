//! An event of an ingress queue, and what is asked about it.

use std::collections::HashSet;

use serde::Serialize;

/// How far an event has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IngressState {
    /// It waits.
    Pending,
    /// A worker has it.
    Claimed,
    /// It was dealt with.
    Completed,
    /// It was given up.
    Failed,
}

/// Who has an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Guards what the worker does with it.
    pub token: String,
    /// The worker.
    pub owner_id: String,
    /// Since when, in milliseconds since 1970.
    pub claimed_at: i64,
}

/// An event. Times are milliseconds since 1970; payload and metadata are JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressRecord {
    /// The platform's id of the event.
    pub id: String,
    /// How far it has come.
    pub state: IngressState,
    /// The event; empty once it was dealt with.
    pub payload: String,
    /// What the plugin noted; of a completed event, what it noted then.
    pub metadata: Option<String>,
    /// Events of one lane are dealt with one after the other.
    pub lane_key: Option<String>,
    /// When it came in.
    pub received_at: i64,
    /// When it changed last.
    pub updated_at: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was tried last.
    pub last_attempt_at: Option<i64>,
    /// Why that failed.
    pub last_error: Option<String>,
    /// Who has it.
    pub claim: Option<Claim>,
    /// Why it was given up.
    pub reason: Option<String>,
    /// More on that.
    pub message: Option<String>,
}

/// What is known of a new event.
#[derive(Debug, Clone, Default)]
pub struct EnqueueOptions {
    /// JSON.
    pub metadata: Option<String>,
    /// When it came in; now, if absent.
    pub received_at: Option<i64>,
    /// Its lane.
    pub lane_key: Option<String>,
}

/// What an event turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EnqueuedKind {
    /// New.
    Accepted,
    /// Known, and waiting.
    Pending,
    /// Known, and being dealt with.
    Claimed,
    /// Known, and dealt with.
    Completed,
    /// Known, and given up.
    Failed,
}

/// The result of [`enqueue`](super::IngressQueue::enqueue).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enqueued {
    /// What it is.
    pub kind: EnqueuedKind,
    /// The event as it stands in the queue.
    pub record: IngressRecord,
}

/// The order of waiting events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IngressOrder {
    /// As they came in.
    #[default]
    Received,
    /// By id.
    Id,
}

/// Which events [`claim_next`](super::IngressQueue::claim_next) may take.
#[derive(Debug, Clone, Default)]
pub struct ClaimFilter {
    /// Lanes to leave alone, beside those of which an event is claimed.
    pub blocked_lanes: HashSet<String>,
    /// Where given, only these events.
    pub candidates: Option<HashSet<String>>,
    /// Their order.
    pub order: IngressOrder,
}

/// What [`prune`](super::IngressQueue::prune) keeps; absent limits do not apply.
#[derive(Debug, Clone, Default)]
pub struct PruneOptions {
    /// Longest life of a waiting event, in milliseconds.
    pub pending_ttl_ms: Option<i64>,
    /// Longest memory of a completed event, in milliseconds.
    pub completed_ttl_ms: Option<i64>,
    /// Longest memory of a failed event, in milliseconds.
    pub failed_ttl_ms: Option<i64>,
    /// Waiting events to keep, the newest.
    pub pending_max: Option<usize>,
    /// Completed events to keep, the newest.
    pub completed_max: Option<usize>,
    /// Failed events to keep, the newest.
    pub failed_max: Option<usize>,
    /// Events that stay whatever the limits say.
    pub protected: HashSet<String>,
    /// The time to reckon with; now, if absent.
    pub now: Option<i64>,
}
