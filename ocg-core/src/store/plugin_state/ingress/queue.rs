//! What a plugin does with its ingress queue.

use std::collections::HashSet;
use std::sync::Arc;

use rand::RngCore;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::event::{
    Claim, ClaimFilter, EnqueueOptions, Enqueued, EnqueuedKind, IngressOrder, IngressRecord,
    IngressState, PruneOptions,
};
use crate::store::{PluginState, StoreError};

/// Finished events that are remembered, to recognise them when they come again.
const REMEMBERED: usize = 10_000;

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
    pub(in crate::store) fn new(state: Arc<PluginState>, channel: &str, account: &str) -> Self {
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
