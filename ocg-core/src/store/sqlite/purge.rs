//! Removing what has outlived its time.

use std::time::{Duration, SystemTime};

use rusqlite::{Connection, Result, params};

use super::journal::{MEMORY, millis};

/// A session that has been silent for so long is forgotten.
const HISTORY: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Rows of each kind that one purge removes, so that it never holds up a turn for long.
const ROWS: i64 = 5_000;
/// Pages that one purge gives back to the file system.
const PAGES: i64 = 1_000;

pub(super) fn purge(db: &Connection, now: SystemTime) -> Result<usize> {
    let day_ago = millis(now) - MEMORY.as_millis() as i64;
    let month_ago = millis(now) - HISTORY.as_millis() as i64;
    let turns = db
        .prepare_cached(
            "DELETE FROM turns WHERE id IN (SELECT id FROM turns \
             WHERE state = 'settled' AND admitted_at <= ? LIMIT ?)",
        )?
        .execute(params![day_ago, ROWS])?;
    let tokens = db
        .prepare_cached(
            "DELETE FROM tokens WHERE hash IN (SELECT hash FROM tokens WHERE expires_at <= ? \
             AND turn NOT IN (SELECT id FROM turns WHERE state <> 'settled') LIMIT ?)",
        )?
        .execute(params![day_ago, ROWS])?;
    let exchanges = db
        .prepare_cached(
            "DELETE FROM exchanges WHERE id IN (SELECT id FROM exchanges WHERE at <= ? LIMIT ?)",
        )?
        .execute(params![month_ago, ROWS])?;
    let sends = db
        .prepare_cached(
            "DELETE FROM sends WHERE key IN (SELECT key FROM sends WHERE at <= ? LIMIT ?)",
        )?
        .execute(params![day_ago, ROWS])?;
    let mut vacuum = db.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
    let mut steps = vacuum.query([])?;
    while steps.next()?.is_some() {}
    Ok(turns + tokens + exchanges + sends)
}
