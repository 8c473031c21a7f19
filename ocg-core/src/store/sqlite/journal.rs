//! Statements of the turn journal.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{outbox, tokens};
use crate::message::InboundMessage;
use crate::reply::TurnOutcome;
use crate::store::{Admitted, Fingerprint, JournalledTurn, NewTurn, TurnId, TurnState};

/// Platforms keep what they could not deliver for a day; longer, a message is not remembered.
pub(super) const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// Milliseconds since 1970.
pub(in crate::store) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The time of so many milliseconds since 1970.
pub(super) fn time(millis: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}

/// JSON of what cannot fail to be written as such.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

pub(super) fn admit(db: &Connection, turn: &NewTurn, now: SystemTime) -> Result<Admitted> {
    let (message, now) = (&turn.message, millis(now));
    let fingerprint = turn.fingerprint.map(|Fingerprint(bytes)| bytes);
    if let Some(fingerprint) = &fingerprint {
        let outdated = now - MEMORY.as_millis() as i64;
        db.prepare_cached(
            "UPDATE turns SET fingerprint = NULL \
             WHERE fingerprint = ? AND state = 'settled' AND admitted_at <= ?",
        )?
        .execute(params![fingerprint, outdated])?;
    }
    let added = db
        .prepare_cached(
            "INSERT INTO turns (fingerprint, channel, account, session, message, state, admitted_at) \
             VALUES (?, ?, ?, ?, ?, 'admitted', ?) ON CONFLICT (fingerprint) DO NOTHING",
        )?
        .execute(params![
            fingerprint,
            message.origin.channel,
            message.origin.account,
            message.session_key,
            json(message)?,
            now
        ])?;
    Ok(match added {
        0 => Admitted::Known,
        _ => Admitted::New(TurnId(db.last_insert_rowid())),
    })
}

pub(super) fn forwarded(db: &Connection, turn: TurnId) -> Result<()> {
    db.prepare_cached("UPDATE turns SET state = 'forwarded' WHERE id = ? AND state = 'admitted'")?
        .execute([turn.0])?;
    Ok(())
}

pub(super) fn settle(
    db: &Connection,
    turn: TurnId,
    outcome: TurnOutcome,
    now: SystemTime,
) -> Result<()> {
    let outcome = match outcome {
        TurnOutcome::Answered => "answered",
        TurnOutcome::Silent => "silent",
        TurnOutcome::Failed => "failed",
        TurnOutcome::Deferred => "deferred",
        TurnOutcome::Cancelled => "cancelled",
    };
    db.prepare_cached(
        "UPDATE turns SET state = 'settled', message = NULL, outcome = ?2, settled_at = ?3 \
         WHERE id = ?1 AND state <> 'settled'",
    )?
    .execute(params![turn.0, outcome, millis(now)])?;
    db.prepare_cached("DELETE FROM parts WHERE turn = ?")?.execute([turn.0])?;
    db.prepare_cached("DELETE FROM replies WHERE turn = ?")?.execute([turn.0])?;
    Ok(())
}

/// Whether the turn still waits for its end.
pub(super) fn is_open(db: &Connection, turn: TurnId) -> Result<bool> {
    let state: Option<String> = db
        .prepare_cached("SELECT state FROM turns WHERE id = ?")?
        .query_row([turn.0], |row| row.get(0))
        .optional()?;
    Ok(state.is_some_and(|state| state != "settled"))
}

pub(super) fn unfinished(db: &Connection) -> Result<Vec<JournalledTurn>> {
    let mut rows = db.prepare_cached(
        "SELECT id, message, state, admitted_at FROM turns WHERE state <> 'settled' ORDER BY id",
    )?;
    let found: Vec<_> = rows.query_map([], unfinished_row)?.collect::<Result<_>>()?;
    let mut turns = Vec::with_capacity(found.len());
    for (id, message, state, admitted) in found {
        let message: InboundMessage = match serde_json::from_str(&message) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(target: "ocg::store", turn = %id, %error, "an unfinished turn cannot be read; it stays in the store");
                continue;
            }
        };
        let (token, until) = tokens::valid(db, id)?.unzip();
        let state = match state.as_str() {
            "forwarded" => TurnState::Forwarded { until },
            _ => TurnState::Admitted,
        };
        let (replies, parts) = (tokens::undelivered(db, id)?, outbox::parts(db, id)?);
        turns.push(JournalledTurn { id, message, admitted, state, token, replies, parts });
    }
    Ok(turns)
}

fn unfinished_row(row: &Row<'_>) -> Result<(TurnId, String, String, SystemTime)> {
    let message: Option<String> = row.get(1)?;
    Ok((TurnId(row.get(0)?), message.unwrap_or_default(), row.get(2)?, time(row.get(3)?)))
}

pub(super) fn remembered(db: &Connection, max: usize, now: SystemTime) -> Result<Vec<Fingerprint>> {
    let since = millis(now) - MEMORY.as_millis() as i64;
    let mut rows = db.prepare_cached(
        "SELECT fingerprint FROM turns WHERE fingerprint IS NOT NULL AND admitted_at > ? \
         ORDER BY id DESC LIMIT ?",
    )?;
    let rows = rows.query_map(params![since, max as i64], |row| row.get(0).map(Fingerprint))?;
    let mut newest_first: Vec<_> = rows.collect::<Result<_>>()?;
    newest_first.reverse();
    Ok(newest_first)
}
