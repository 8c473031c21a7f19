//! Statements of callback tokens and of the replies they let in.

use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::journal::{is_open, json, millis, time};
use crate::store::{CallbackReply, NewToken, ReplyRef, TokenHash, TokenRefusal, TurnId};

/// Makes a token valid; `false` where the turn takes no reply any more.
pub(super) fn issue(db: &Connection, token: &NewToken) -> Result<bool> {
    let answered: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM replies WHERE turn = ?)")?
        .query_row([token.turn.0], |row| row.get(0))?;
    if answered || !is_open(db, token.turn)? {
        return Ok(false);
    }
    db.prepare_cached("DELETE FROM tokens WHERE turn = ?")?.execute([token.turn.0])?;
    db.prepare_cached("INSERT INTO tokens (hash, turn, expires_at) VALUES (?, ?, ?)")?
        .execute(params![token.hash.0, token.turn.0, millis(token.expires)])?;
    Ok(true)
}

pub(super) fn consume(
    db: &Connection,
    token: TokenHash,
    reply: &CallbackReply,
    now: SystemTime,
) -> Result<Result<ReplyRef, TokenRefusal>> {
    let now = millis(now);
    let known: Option<(i64, i64, Option<i64>)> = db
        .prepare_cached("SELECT turn, expires_at, used_at FROM tokens WHERE hash = ?")?
        .query_row([token.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let turn = match known {
        None => return Ok(Err(TokenRefusal::Unknown)),
        Some((_, _, Some(_))) => return Ok(Err(TokenRefusal::AlreadyUsed)),
        Some((_, expires, None)) if expires <= now => return Ok(Err(TokenRefusal::Expired)),
        Some((turn, ..)) => TurnId(turn),
    };
    if !is_open(db, turn)? {
        return Ok(Err(TokenRefusal::AlreadyUsed));
    }
    let number = db
        .prepare_cached("SELECT coalesce(max(number), 0) + 1 FROM replies WHERE turn = ?")?
        .query_row([turn.0], |row| row.get(0))?;
    db.prepare_cached("INSERT INTO replies (turn, number, body) VALUES (?, ?, ?)")?
        .execute(params![turn.0, number, json(reply)?])?;
    // Whoever answers has accepted, even if the gateway died before it read that.
    super::journal::forwarded(db, turn)?;
    if !reply.more {
        db.prepare_cached("UPDATE tokens SET used_at = max(?, 1) WHERE hash = ?")?
            .execute(params![now, token.0])?;
    }
    Ok(Ok(ReplyRef { turn, number }))
}

pub(super) fn delivered(db: &Connection, reply: ReplyRef) -> Result<()> {
    db.prepare_cached("UPDATE replies SET delivered = 1, body = '' WHERE turn = ? AND number = ?")?
        .execute(params![reply.turn.0, reply.number])?;
    db.prepare_cached("DELETE FROM parts WHERE turn = ? AND reply = ?")?
        .execute(params![reply.turn.0, reply.number])?;
    Ok(())
}

/// The turn's token and when it expires, while it can still be used.
pub(super) fn valid(db: &Connection, turn: TurnId) -> Result<Option<(TokenHash, SystemTime)>> {
    db.prepare_cached("SELECT hash, expires_at FROM tokens WHERE turn = ? AND used_at IS NULL")?
        .query_row([turn.0], |row| Ok((TokenHash(row.get(0)?), time(row.get(1)?))))
        .optional()
}

pub(super) fn undelivered(db: &Connection, turn: TurnId) -> Result<Vec<(u32, CallbackReply)>> {
    let mut rows = db.prepare_cached(
        "SELECT number, body FROM replies WHERE turn = ? AND delivered = 0 ORDER BY number",
    )?;
    let rows = rows.query_map([turn.0], |row| {
        let (number, body): (u32, String) = (row.get(0)?, row.get(1)?);
        let body = serde_json::from_str(&body).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, error.into())
        })?;
        Ok((number, body))
    })?;
    rows.collect()
}
