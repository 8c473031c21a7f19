//! Statements of the session history.

use std::time::SystemTime;

use rusqlite::{Connection, Result, params};

use super::journal::millis;
use crate::dispatch::HistoryTurn;

pub(super) fn recall(db: &Connection, session: &str, max: usize) -> Result<Vec<HistoryTurn>> {
    let mut rows = db.prepare_cached(
        "SELECT user, assistant FROM exchanges WHERE session = ? ORDER BY id DESC LIMIT ?",
    )?;
    let rows = rows.query_map(params![session, max as i64], |row| {
        Ok(HistoryTurn { user: row.get(0)?, assistant: row.get(1)? })
    })?;
    let mut newest_first: Vec<_> = rows.collect::<Result<_>>()?;
    newest_first.reverse();
    Ok(newest_first)
}

pub(super) fn record(
    db: &Connection,
    session: &str,
    turn: &HistoryTurn,
    max: usize,
    now: SystemTime,
) -> Result<()> {
    db.prepare_cached("INSERT INTO exchanges (session, user, assistant, at) VALUES (?, ?, ?, ?)")?
        .execute(params![session, turn.user, turn.assistant, millis(now)])?;
    db.prepare_cached(
        "DELETE FROM exchanges WHERE session = ?1 AND id <= \
         (SELECT id FROM exchanges WHERE session = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![session, max as i64])?;
    Ok(())
}
