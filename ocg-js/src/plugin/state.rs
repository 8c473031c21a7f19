//! `ocg:runtime/state`: keyed stores and ingress queues of a plugin.

use std::sync::{Arc, OnceLock};

use ocg_core::store::PluginState;
use ocg_core::store::plugin_state::{
    Applied, ClaimFilter, EnqueueOptions, IngressOrder, IngressQueue, Intent, KeyedLimits,
    KeyedStore, KeyedStoreError, Overflow, PruneOptions,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::setup::PluginSetup;
use crate::isolate::HostError;

/// The state file, opened when a plugin first uses it.
#[derive(Default)]
pub(super) struct StateFile(OnceLock<Result<Arc<PluginState>, String>>);

impl StateFile {
    fn open(&self, setup: &PluginSetup) -> Result<Arc<PluginState>, HostError> {
        let path = setup.config.current().state_dir().root().join("plugins.sqlite");
        self.0
            .get_or_init(|| PluginState::open(&path).map_err(|error| error.to_string()))
            .clone()
            .map_err(HostError::new)
    }

    /// Answers one call of the plugin.
    pub(super) fn call(
        &self,
        setup: &PluginSetup,
        op: &str,
        args: Value,
    ) -> Result<Value, HostError> {
        let unreadable = |error: serde_json::Error| HostError::new(format!("{op}: {error}"));
        let state = self.open(setup)?;
        match op {
            "state.keyed" => {
                let call: KeyedCall = serde_json::from_value(args).map_err(unreadable)?;
                let plugin = &setup.plugin.manifest.id;
                call.answer(&state, plugin).map_err(|error| match error {
                    KeyedStoreError::LimitExceeded { .. } => {
                        HostError::new(error.to_string()).with_code("PLUGIN_STATE_LIMIT_EXCEEDED")
                    }
                    KeyedStoreError::Store(error) => HostError::new(error.to_string()),
                })
            }
            "state.ingress" => {
                let call: IngressCall = serde_json::from_value(args).map_err(unreadable)?;
                let queue = state.ingress(&call.channel, &call.account);
                call.action.answer(&queue).map_err(|error| HostError::new(error.to_string()))
            }
            _ => Err(HostError::new(format!("unknown host operation {op}"))),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyedCall {
    namespace: String,
    max_entries: Option<usize>,
    default_ttl_ms: Option<i64>,
    reject_new: bool,
    #[serde(flatten)]
    action: KeyedAction,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum KeyedAction {
    Register { key: String, value: String, ttl_ms: Option<i64> },
    RegisterIfAbsent { key: String, value: String, ttl_ms: Option<i64> },
    Lookup { key: String },
    Consume { key: String },
    Delete { key: String },
    Entries,
    Count,
    Clear,
    Observe { key: String },
    Set { key: String, comparison: String, value: String, ttl_ms: Option<i64> },
    Keep { key: String, comparison: String },
    Remove { key: String, comparison: String },
}

impl KeyedCall {
    fn answer(self, state: &Arc<PluginState>, plugin: &str) -> Result<Value, KeyedStoreError> {
        let overflow = if self.reject_new { Overflow::RejectNew } else { Overflow::EvictOldest };
        let limits = KeyedLimits {
            max_entries: self.max_entries,
            default_ttl_ms: self.default_ttl_ms,
            overflow,
        };
        let store = state.keyed(plugin, &self.namespace, limits);
        Ok(match self.action {
            KeyedAction::Register { key, value, ttl_ms } => {
                store.register(&key, &value, ttl_ms)?;
                Value::Null
            }
            KeyedAction::RegisterIfAbsent { key, value, ttl_ms } => {
                json!(store.register_if_absent(&key, &value, ttl_ms)?)
            }
            KeyedAction::Lookup { key } => json!(store.lookup(&key)?),
            KeyedAction::Consume { key } => json!(store.consume(&key)?),
            KeyedAction::Delete { key } => json!(store.delete(&key)?),
            KeyedAction::Entries => json!(store.entries()?),
            KeyedAction::Count => json!(store.count()?),
            KeyedAction::Clear => {
                store.clear()?;
                Value::Null
            }
            KeyedAction::Observe { key } => json!(store.observe(&key)?),
            KeyedAction::Set { key, comparison, value, ttl_ms } => {
                apply(&store, &key, &comparison, Intent::Set { value, ttl_ms })?
            }
            KeyedAction::Keep { key, comparison } => {
                apply(&store, &key, &comparison, Intent::Keep)?
            }
            KeyedAction::Remove { key, comparison } => {
                apply(&store, &key, &comparison, Intent::Delete)?
            }
        })
    }
}

fn apply(
    store: &KeyedStore,
    key: &str,
    comparison: &str,
    intent: Intent,
) -> Result<Value, KeyedStoreError> {
    Ok(match store.compare_and_apply(key, comparison, intent)? {
        Applied::Applied => json!({ "kind": "applied" }),
        Applied::Unchanged => json!({ "kind": "unchanged" }),
        Applied::Conflict(current) => json!({ "kind": "conflict", "current": current }),
    })
}

#[derive(Deserialize)]
struct IngressCall {
    channel: String,
    account: String,
    #[serde(flatten)]
    action: IngressAction,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum IngressAction {
    Enqueue {
        id: String,
        payload: String,
        metadata: Option<String>,
        received_at: Option<i64>,
        lane_key: Option<String>,
    },
    ListPending {
        limit: Option<usize>,
        by_id: bool,
    },
    ListClaims,
    ListFailed {
        limit: Option<usize>,
    },
    ClaimNext {
        owner_id: String,
        blocked_lanes: Vec<String>,
        candidates: Option<Vec<String>>,
        by_id: bool,
    },
    Claim {
        id: String,
        owner_id: String,
    },
    RefreshClaim {
        id: String,
        token: String,
        at: Option<i64>,
    },
    Complete {
        id: String,
        token: Option<String>,
        metadata: Option<String>,
        at: Option<i64>,
    },
    Release {
        id: String,
        token: Option<String>,
        last_error: Option<String>,
        record_attempt: bool,
        at: Option<i64>,
    },
    Fail {
        id: String,
        token: Option<String>,
        reason: String,
        message: Option<String>,
        at: Option<i64>,
    },
    Resubmit {
        id: String,
    },
    Delete {
        id: String,
        token: Option<String>,
    },
    RecoverStaleClaims {
        stale_ms: i64,
        now: Option<i64>,
    },
    Prune {
        pending_ttl_ms: Option<i64>,
        completed_ttl_ms: Option<i64>,
        failed_ttl_ms: Option<i64>,
        pending_max: Option<usize>,
        completed_max: Option<usize>,
        failed_max: Option<usize>,
        protected: Vec<String>,
        now: Option<i64>,
    },
}

fn order(by_id: bool) -> IngressOrder {
    if by_id { IngressOrder::Id } else { IngressOrder::Received }
}

impl IngressAction {
    fn answer(self, queue: &IngressQueue) -> Result<Value, ocg_core::store::StoreError> {
        Ok(match self {
            Self::Enqueue { id, payload, metadata, received_at, lane_key } => {
                let options = EnqueueOptions { metadata, received_at, lane_key };
                json!(queue.enqueue(&id, &payload, &options)?)
            }
            Self::ListPending { limit, by_id } => json!(queue.list_pending(limit, order(by_id))?),
            Self::ListClaims => json!(queue.list_claims()?),
            Self::ListFailed { limit } => json!(queue.list_failed(limit)?),
            Self::ClaimNext { owner_id, blocked_lanes, candidates, by_id } => {
                let filter = ClaimFilter {
                    blocked_lanes: blocked_lanes.into_iter().collect(),
                    candidates: candidates.map(|ids| ids.into_iter().collect()),
                    order: order(by_id),
                };
                json!(queue.claim_next(&owner_id, &filter)?)
            }
            Self::Claim { id, owner_id } => json!(queue.claim(&id, &owner_id)?),
            Self::RefreshClaim { id, token, at } => json!(queue.refresh_claim(&id, &token, at)?),
            Self::Complete { id, token, metadata, at } => {
                json!(queue.complete(&id, token.as_deref(), metadata.as_deref(), at)?)
            }
            Self::Release { id, token, last_error, record_attempt, at } => {
                let (token, error) = (token.as_deref(), last_error.as_deref());
                json!(queue.release(&id, token, error, record_attempt, at)?)
            }
            Self::Fail { id, token, reason, message, at } => {
                json!(queue.fail(&id, token.as_deref(), &reason, message.as_deref(), at)?)
            }
            Self::Resubmit { id } => json!(queue.resubmit(&id)?),
            Self::Delete { id, token } => json!(queue.delete(&id, token.as_deref())?),
            Self::RecoverStaleClaims { stale_ms, now } => {
                json!(queue.recover_stale_claims(stale_ms, now)?)
            }
            Self::Prune {
                pending_ttl_ms,
                completed_ttl_ms,
                failed_ttl_ms,
                pending_max,
                completed_max,
                failed_max,
                protected,
                now,
            } => {
                let protected = protected.into_iter().collect();
                json!(queue.prune(&PruneOptions {
                    pending_ttl_ms,
                    completed_ttl_ms,
                    failed_ttl_ms,
                    pending_max,
                    completed_max,
                    failed_max,
                    protected,
                    now,
                })?)
            }
        })
    }
}
