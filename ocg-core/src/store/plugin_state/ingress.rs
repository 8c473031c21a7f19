//! Ingress queues (`state.openChannelIngressQueue`): raw events of a platform, kept until the
//! plugin has dealt with them.

use std::collections::HashSet;
use std::sync::Arc;

use rand::RngCore;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde::Serialize;

use super::PluginState;
use crate::store::StoreError;

/// Finished events that are remembered, to recognise them when they come again.
const REMEMBERED: usize = 10_000;

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

/// The result of [`IngressQueue::enqueue`].
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

/// Which events [`IngressQueue::claim_next`] may take.
#[derive(Debug, Clone, Default)]
pub struct ClaimFilter {
    /// Lanes to leave alone, beside those of which an event is claimed.
    pub blocked_lanes: HashSet<String>,
    /// Where given, only these events.
    pub candidates: Option<HashSet<String>>,
    /// Their order.
    pub order: IngressOrder,
}

/// What [`IngressQueue::prune`] keeps; absent limits do not apply.
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

/// The events of one account.
#[derive(Clone)]
pub struct IngressQueue {
    state: Arc<PluginState>,
    channel: String,
    account: String,
}

const COLUMNS: &str = "id, state, payload, metadata, lane, received_at, updated_at, attempts, \
    last_attempt_at, last_error, claim_token, claim_owner, claimed_at, reason, message";
const OF_QUEUE: &str = "channel = ?1 AND account = ?2";

fn record(row: &Row<'_>) -> Result<IngressRecord> {
    let state: String = row.get(1)?;
    let token: Option<String> = row.get(10)?;
    let claim = match token {
        Some(token) => Some(Claim { token, owner_id: row.get(11)?, claimed_at: row.get(12)? }),
        None => None,
    };
    Ok(IngressRecord {
        id: row.get(0)?,
        state: match state.as_str() {
            "claimed" => IngressState::Claimed,
            "completed" => IngressState::Completed,
            "failed" => IngressState::Failed,
            _ => IngressState::Pending,
        },
        payload: row.get(2)?,
        metadata: row.get(3)?,
        lane_key: row.get(4)?,
        received_at: row.get(5)?,
        updated_at: row.get(6)?,
        attempts: row.get(7)?,
        last_attempt_at: row.get(8)?,
        last_error: row.get(9)?,
        claim,
        reason: row.get(13)?,
        message: row.get(14)?,
    })
}

impl IngressQueue {
    pub(super) fn new(state: Arc<PluginState>, channel: &str, account: &str) -> Self {
        Self { state, channel: channel.to_owned(), account: account.to_owned() }
    }

    /// Takes an event in unless it is known. It has reached the disk when this returns.
    pub fn enqueue(
        &self,
        id: &str,
        payload: &str,
        options: &EnqueueOptions,
    ) -> Result<Enqueued, StoreError> {
        let now = self.state.now();
        self.state.write_durably(|db| {
            let added = db
                .prepare_cached(
                    "INSERT INTO ingress (channel, account, id, state, payload, metadata, lane, \
                     received_at, updated_at) VALUES (?, ?, ?, 'pending', ?, ?, ?, ?, ?) \
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    self.channel,
                    self.account,
                    id,
                    payload,
                    options.metadata,
                    options.lane_key,
                    options.received_at.unwrap_or(now),
                    now
                ])?;
            let record = self.find(db, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            let kind = match record.state {
                _ if added > 0 => EnqueuedKind::Accepted,
                IngressState::Pending => EnqueuedKind::Pending,
                IngressState::Claimed => EnqueuedKind::Claimed,
                IngressState::Completed => EnqueuedKind::Completed,
                IngressState::Failed => EnqueuedKind::Failed,
            };
            Ok(Enqueued { kind, record })
        })
    }

    /// Waiting events.
    pub fn list_pending(
        &self,
        limit: Option<usize>,
        order: IngressOrder,
    ) -> Result<Vec<IngressRecord>, StoreError> {
        self.state.read(|db| self.list(db, "pending", limit, order))
    }

    /// Events that workers have.
    pub fn list_claims(&self) -> Result<Vec<IngressRecord>, StoreError> {
        self.state.read(|db| self.list(db, "claimed", None, IngressOrder::Received))
    }

    /// Events that were given up.
    pub fn list_failed(&self, limit: Option<usize>) -> Result<Vec<IngressRecord>, StoreError> {
        self.state.read(|db| self.list(db, "failed", limit, IngressOrder::Received))
    }

    /// Gives the next event to a worker: the first whose lane is free.
    pub fn claim_next(
        &self,
        owner: &str,
        filter: &ClaimFilter,
    ) -> Result<Option<IngressRecord>, StoreError> {
        let now = self.state.now();
        self.state.write(|db| {
            let claimed = self.list(db, "claimed", None, IngressOrder::Received)?;
            let mut busy: HashSet<_> =
                claimed.into_iter().filter_map(|record| record.lane_key).collect();
            busy.extend(filter.blocked_lanes.iter().cloned());
            let pending = self.list(db, "pending", None, filter.order)?;
            for record in pending {
                let wanted = filter.candidates.as_ref().is_none_or(|ids| ids.contains(&record.id));
                let free = record.lane_key.as_ref().is_none_or(|lane| !busy.contains(lane));
                if wanted && free {
                    return self.give(db, &record.id, owner, now);
                }
                // What waits in a lane does not overtake what waits before it.
                busy.extend(record.lane_key);
            }
            Ok(None)
        })
    }

    /// Gives this event to a worker, if it waits.
    pub fn claim(&self, id: &str, owner: &str) -> Result<Option<IngressRecord>, StoreError> {
        let now = self.state.now();
        self.state.write(|db| self.give(db, id, owner, now))
    }

    /// Says that the worker still has it; `false` if it has not.
    pub fn refresh_claim(
        &self,
        id: &str,
        token: &str,
        at: Option<i64>,
    ) -> Result<bool, StoreError> {
        let at = at.unwrap_or_else(|| self.state.now());
        let change = "claimed_at = ?5, updated_at = ?5";
        self.state.write(|db| {
            let statement = format!(
                "UPDATE ingress SET {change} WHERE {OF_QUEUE} AND id = ?3 AND claim_token = ?4"
            );
            let changed = db.prepare_cached(&statement)?.execute(params![
                self.channel,
                self.account,
                id,
                token,
                at
            ])?;
            Ok(changed > 0)
        })
    }

    /// The event was dealt with. With a `token`, only if that claim still holds.
    pub fn complete(
        &self,
        id: &str,
        token: Option<&str>,
        metadata: Option<&str>,
        at: Option<i64>,
    ) -> Result<bool, StoreError> {
        let at = at.unwrap_or_else(|| self.state.now());
        self.state.write(|db| {
            let statement = format!(
                "UPDATE ingress SET state = 'completed', payload = '', metadata = ?5, \
                 updated_at = ?6, claim_token = NULL, claim_owner = NULL, claimed_at = NULL \
                 WHERE {OF_QUEUE} AND id = ?3 AND state IN ('pending', 'claimed') \
                 AND (?4 IS NULL OR claim_token = ?4)"
            );
            let done = db.prepare_cached(&statement)?.execute(params![
                self.channel,
                self.account,
                id,
                token,
                metadata,
                at
            ])?;
            if done > 0 {
                self.keep_newest(db, "completed", REMEMBERED, &HashSet::new())?;
            }
            Ok(done > 0)
        })
    }

    /// Puts a claimed event back.
    pub fn release(
        &self,
        id: &str,
        token: Option<&str>,
        last_error: Option<&str>,
        record_attempt: bool,
        at: Option<i64>,
    ) -> Result<bool, StoreError> {
        let at = at.unwrap_or_else(|| self.state.now());
        self.state.write(|db| {
            let statement = format!(
                "UPDATE ingress SET state = 'pending', attempts = attempts + ?6, \
                 last_attempt_at = CASE ?6 WHEN 1 THEN ?7 ELSE last_attempt_at END, \
                 last_error = coalesce(?5, last_error), updated_at = ?7, \
                 claim_token = NULL, claim_owner = NULL, claimed_at = NULL \
                 WHERE {OF_QUEUE} AND id = ?3 AND state = 'claimed' \
                 AND (?4 IS NULL OR claim_token = ?4)"
            );
            let changed = db.prepare_cached(&statement)?.execute(params![
                self.channel,
                self.account,
                id,
                token,
                last_error,
                i64::from(record_attempt),
                at
            ])?;
            Ok(changed > 0)
        })
    }

    /// Gives an event up.
    pub fn fail(
        &self,
        id: &str,
        token: Option<&str>,
        reason: &str,
        message: Option<&str>,
        at: Option<i64>,
    ) -> Result<bool, StoreError> {
        let at = at.unwrap_or_else(|| self.state.now());
        self.state.write(|db| {
            let statement = format!(
                "UPDATE ingress SET state = 'failed', reason = ?5, message = ?6, updated_at = ?7, \
                 claim_token = NULL, claim_owner = NULL, claimed_at = NULL \
                 WHERE {OF_QUEUE} AND id = ?3 AND state IN ('pending', 'claimed') \
                 AND (?4 IS NULL OR claim_token = ?4)"
            );
            let done = db.prepare_cached(&statement)?.execute(params![
                self.channel,
                self.account,
                id,
                token,
                reason,
                message,
                at
            ])?;
            if done > 0 {
                self.keep_newest(db, "failed", REMEMBERED, &HashSet::new())?;
            }
            Ok(done > 0)
        })
    }

    /// Lets a failed event wait again; gives it as it was before.
    pub fn resubmit(&self, id: &str) -> Result<Option<IngressRecord>, StoreError> {
        let now = self.state.now();
        self.state.write(|db| {
            let before = self.find(db, id)?.filter(|one| one.state == IngressState::Failed);
            if before.is_some() {
                let statement = format!(
                    "UPDATE ingress SET state = 'pending', attempts = 0, reason = NULL, \
                     message = NULL, updated_at = ?4 WHERE {OF_QUEUE} AND id = ?3"
                );
                db.prepare_cached(&statement)?.execute(params![
                    self.channel,
                    self.account,
                    id,
                    now
                ])?;
            }
            Ok(before)
        })
    }

    /// Forgets an event. With a `token`, only if that claim still holds.
    pub fn delete(&self, id: &str, token: Option<&str>) -> Result<bool, StoreError> {
        self.state.write(|db| {
            let statement = format!(
                "DELETE FROM ingress WHERE {OF_QUEUE} AND id = ?3 \
                 AND (?4 IS NULL OR claim_token = ?4)"
            );
            let gone = db.prepare_cached(&statement)?.execute(params![
                self.channel,
                self.account,
                id,
                token
            ])?;
            Ok(gone > 0)
        })
    }

    /// Puts events back whose claim is older than `stale_ms`; with 0, all claims: after a start,
    /// the workers that held them are gone. Says how many.
    pub fn recover_stale_claims(
        &self,
        stale_ms: i64,
        now: Option<i64>,
    ) -> Result<usize, StoreError> {
        let now = now.unwrap_or_else(|| self.state.now());
        self.state.write(|db| {
            let statement = format!(
                "UPDATE ingress SET state = 'pending', updated_at = ?4, claim_token = NULL, \
                 claim_owner = NULL, claimed_at = NULL \
                 WHERE {OF_QUEUE} AND state = 'claimed' AND claimed_at <= ?3"
            );
            db.prepare_cached(&statement)?.execute(params![
                self.channel,
                self.account,
                now.saturating_sub(stale_ms),
                now
            ])
        })
    }

    /// Removes what is too old or too much; says how many.
    pub fn prune(&self, options: &PruneOptions) -> Result<usize, StoreError> {
        let now = options.now.unwrap_or_else(|| self.state.now());
        let kinds = [
            ("pending", options.pending_ttl_ms, options.pending_max),
            ("completed", options.completed_ttl_ms, options.completed_max),
            ("failed", options.failed_ttl_ms, options.failed_max),
        ];
        self.state.write(|db| {
            let mut removed = 0;
            for (state, ttl, max) in kinds {
                if let Some(ttl) = ttl {
                    let old = now.saturating_sub(ttl);
                    let outdated = self.list(db, state, None, IngressOrder::Received)?;
                    for record in outdated {
                        if record.updated_at <= old && !options.protected.contains(&record.id) {
                            removed += self.forget(db, &record.id)?;
                        }
                    }
                }
                if let Some(max) = max {
                    removed += self.keep_newest(db, state, max, &options.protected)?;
                }
            }
            Ok(removed)
        })
    }

    fn find(&self, db: &Connection, id: &str) -> Result<Option<IngressRecord>> {
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM ingress WHERE {OF_QUEUE} AND id = ?3"))?
            .query_row(params![self.channel, self.account, id], record)
            .optional()
    }

    fn list(
        &self,
        db: &Connection,
        state: &str,
        limit: Option<usize>,
        order: IngressOrder,
    ) -> Result<Vec<IngressRecord>> {
        let order = match order {
            IngressOrder::Received => "received_at, sequence",
            IngressOrder::Id => "id",
        };
        let limit = limit.map_or(-1, |limit| limit as i64);
        let statement = format!(
            "SELECT {COLUMNS} FROM ingress WHERE {OF_QUEUE} AND state = ?3 ORDER BY {order} LIMIT ?4"
        );
        db.prepare_cached(&statement)?
            .query_map(params![self.channel, self.account, state, limit], record)?
            .collect()
    }

    fn give(
        &self,
        db: &Connection,
        id: &str,
        owner: &str,
        now: i64,
    ) -> Result<Option<IngressRecord>> {
        let mut token = [0; 16];
        rand::rng().fill_bytes(&mut token);
        let token = format!("{:032x}", u128::from_be_bytes(token));
        let statement = format!(
            "UPDATE ingress SET state = 'claimed', claim_token = ?4, claim_owner = ?5, \
             claimed_at = ?6, updated_at = ?6 WHERE {OF_QUEUE} AND id = ?3 AND state = 'pending'"
        );
        let given = db.prepare_cached(&statement)?.execute(params![
            self.channel,
            self.account,
            id,
            token,
            owner,
            now
        ])?;
        if given == 0 { Ok(None) } else { self.find(db, id) }
    }

    fn forget(&self, db: &Connection, id: &str) -> Result<usize> {
        db.prepare_cached(&format!("DELETE FROM ingress WHERE {OF_QUEUE} AND id = ?3"))?
            .execute(params![self.channel, self.account, id])
    }

    fn keep_newest(
        &self,
        db: &Connection,
        state: &str,
        max: usize,
        protected: &HashSet<String>,
    ) -> Result<usize> {
        let statement = format!(
            "SELECT id FROM ingress WHERE {OF_QUEUE} AND state = ?3 \
             ORDER BY received_at DESC, sequence DESC LIMIT -1 OFFSET ?4"
        );
        let surplus: Vec<String> = db
            .prepare_cached(&statement)?
            .query_map(params![self.channel, self.account, state, max as i64], |row| row.get(0))?
            .collect::<Result<_>>()?;
        let mut removed = 0;
        for id in surplus.iter().filter(|id| !protected.contains(*id)) {
            removed += self.forget(db, id)?;
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn queue() -> IngressQueue {
        PluginState::in_memory(Arc::new(SystemTime::now)).unwrap().ingress("chat", "main")
    }

    fn put(queue: &IngressQueue, id: &str, lane: &str, at: i64) -> EnqueuedKind {
        let lane_key = Some(lane.to_owned());
        let options = EnqueueOptions { lane_key, received_at: Some(at), metadata: None };
        queue.enqueue(id, "{}", &options).unwrap().kind
    }

    fn next(queue: &IngressQueue) -> Option<(String, String)> {
        let claimed = queue.claim_next("worker", &ClaimFilter::default()).unwrap()?;
        Some((claimed.id, claimed.claim.unwrap().token))
    }

    #[test]
    fn an_event_is_taken_in_once_whatever_became_of_it() {
        let queue = queue();
        assert_eq!(put(&queue, "1", "a", 1), EnqueuedKind::Accepted);
        assert_eq!(put(&queue, "1", "a", 1), EnqueuedKind::Pending);
        let (id, token) = next(&queue).unwrap();
        assert_eq!(put(&queue, "1", "a", 1), EnqueuedKind::Claimed);
        assert!(queue.complete(&id, Some(&token), None, None).unwrap());
        assert_eq!(put(&queue, "1", "a", 1), EnqueuedKind::Completed);
        assert!(!queue.complete(&id, None, None, None).unwrap());
    }

    #[test]
    fn a_lane_gives_one_event_at_a_time_in_order() {
        let queue = queue();
        for (id, lane, at) in [("a1", "a", 1), ("a2", "a", 2), ("b1", "b", 3)] {
            put(&queue, id, lane, at);
        }
        let (first, token) = next(&queue).unwrap();
        assert_eq!(first, "a1");
        assert_eq!(next(&queue).unwrap().0, "b1");
        assert_eq!(next(&queue), None);
        assert!(queue.release(&first, Some(&token), Some("busy"), true, None).unwrap());
        let (again, _) = next(&queue).unwrap();
        assert_eq!(again, "a1");
        let blocked =
            ClaimFilter { blocked_lanes: HashSet::from(["a".into()]), ..ClaimFilter::default() };
        assert_eq!(queue.claim_next("worker", &blocked).unwrap(), None);
    }

    #[test]
    fn a_claim_that_was_lost_changes_nothing() {
        let queue = queue();
        put(&queue, "1", "a", 1);
        let (id, old) = next(&queue).unwrap();
        assert_eq!(queue.recover_stale_claims(0, None).unwrap(), 1);
        let (_, new) = next(&queue).unwrap();
        assert!(!queue.refresh_claim(&id, &old, None).unwrap());
        assert!(!queue.fail(&id, Some(&old), "late", None, None).unwrap());
        assert!(queue.fail(&id, Some(&new), "broken", None, None).unwrap());
        let failed = queue.list_failed(None).unwrap();
        assert_eq!(failed[0].reason.as_deref(), Some("broken"));
        assert!(queue.resubmit(&id).unwrap().is_some());
        assert_eq!(queue.list_pending(None, IngressOrder::Id).unwrap().len(), 1);
    }

    #[test]
    fn what_is_too_much_is_pruned_and_what_is_protected_stays() {
        let queue = queue();
        for n in 0..5 {
            put(&queue, &n.to_string(), "a", n);
        }
        let options = PruneOptions {
            pending_max: Some(2),
            protected: HashSet::from(["0".into()]),
            ..PruneOptions::default()
        };
        assert_eq!(queue.prune(&options).unwrap(), 2);
        let left = queue.list_pending(None, IngressOrder::Received).unwrap();
        assert_eq!(left.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["0", "3", "4"]);
    }
}
