//! Statements of the outbox.

use rusqlite::{Connection, Result, Row, params};

use super::journal::json;
use crate::reply::{ReplyKind, ReplyPayload};
use crate::store::{Part, PartKey, PartState, TurnId};

fn name(state: PartState) -> &'static str {
    match state {
        PartState::Attempted => "attempted",
        PartState::Sent => "sent",
        PartState::Failed => "failed",
    }
}

pub(super) fn attempt(
    db: &Connection,
    key: PartKey,
    kind: ReplyKind,
    payload: &ReplyPayload,
) -> Result<()> {
    let kind = match kind {
        ReplyKind::Block => "block",
        ReplyKind::Final => "final",
    };
    let (PartKey { turn, reply, part }, payload) = (key, json(payload)?);
    db.prepare_cached(
        "INSERT INTO parts (turn, reply, part, kind, payload, state) \
         VALUES (?, ?, ?, ?, ?, 'attempted') ON CONFLICT DO UPDATE SET \
         kind = excluded.kind, payload = excluded.payload, state = 'attempted', \
         attempts = CASE payload WHEN excluded.payload THEN attempts + 1 ELSE 1 END",
    )?
    .execute(params![turn.0, reply, part, kind, payload])?;
    Ok(())
}

pub(super) fn attempted(db: &Connection, key: PartKey, state: PartState) -> Result<()> {
    let PartKey { turn, reply, part } = key;
    db.prepare_cached("UPDATE parts SET state = ? WHERE turn = ? AND reply = ? AND part = ?")?
        .execute(params![name(state), turn.0, reply, part])?;
    Ok(())
}

pub(super) fn parts(db: &Connection, turn: TurnId) -> Result<Vec<Part>> {
    let mut rows = db.prepare_cached(
        "SELECT turn, reply, part, kind, payload, state, attempts FROM parts \
         WHERE turn = ? ORDER BY reply, part",
    )?;
    rows.query_map([turn.0], part)?.collect()
}

fn part(row: &Row<'_>) -> Result<Part> {
    let (kind, payload, state): (String, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
    Ok(Part {
        key: PartKey { turn: TurnId(row.get(0)?), reply: row.get(1)?, part: row.get(2)? },
        kind: if kind == "final" { ReplyKind::Final } else { ReplyKind::Block },
        payload: serde_json::from_str(&payload).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, error.into())
        })?,
        state: match state.as_str() {
            "sent" => PartState::Sent,
            "failed" => PartState::Failed,
            _ => PartState::Attempted,
        },
        attempts: row.get(6)?,
    })
}
