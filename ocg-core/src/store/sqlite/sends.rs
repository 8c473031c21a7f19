//! Statements of send requests' idempotency keys.

use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::journal::{MEMORY, millis};
use crate::store::{KnownSend, SendAnswer, SendKey};

pub(super) fn begin(db: &Connection, send: SendKey, now: SystemTime) -> Result<KnownSend> {
    let now = millis(now);
    db.prepare_cached("DELETE FROM sends WHERE key = ? AND at <= ?")?
        .execute(params![send.key, now - MEMORY.as_millis() as i64])?;
    let added = db
        .prepare_cached(
            "INSERT INTO sends (key, body, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        )?
        .execute(params![send.key, send.body, now])?;
    if added > 0 {
        return Ok(KnownSend::New);
    }
    let known = db
        .prepare_cached("SELECT body, status, answer FROM sends WHERE key = ?")?
        .query_row([send.key], |row| {
            let (body, status, answer): ([u8; 32], Option<u16>, Option<String>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(match status.zip(answer) {
                _ if body != send.body => KnownSend::OtherBody,
                Some((status, body)) => KnownSend::Answered(SendAnswer { status, body }),
                None => KnownSend::Begun,
            })
        })
        .optional()?;
    Ok(known.unwrap_or(KnownSend::Begun))
}

pub(super) fn end(db: &Connection, send: SendKey, answer: Option<&SendAnswer>) -> Result<()> {
    match answer {
        Some(SendAnswer { status, body }) => db
            .prepare_cached("UPDATE sends SET status = ?, answer = ? WHERE key = ?")?
            .execute(params![status, body, send.key])?,
        None => db.prepare_cached("DELETE FROM sends WHERE key = ?")?.execute([send.key])?,
    };
    Ok(())
}
