//! Misbehaviour on request.

use std::time::Duration;

use serde_json::json;

use crate::http::{self, Reply};

/// What goes wrong with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An HTTP status with a short text body; the call has no effect.
    Http(u16),
    /// `ret` and `errcode` in an HTTP 200; the call has no effect.
    Ret {
        /// `ret`.
        ret: i64,
        /// `errcode`.
        errcode: i64,
        /// `errmsg`.
        errmsg: String,
    },
    /// The bot token has expired (`errcode` -14); the call has no effect.
    StaleSession,
    /// The connection ends without an answer; the call has no effect.
    Drop,
    /// The call takes effect, then the connection ends without an answer.
    DropAfter,
    /// The answer comes late.
    Slow(Duration),
    /// The answer is broken JSON; the call has no effect.
    Malformed,
}

impl Fault {
    /// The answer in place of the real one, if the fault is an answer.
    pub(super) fn reply(&self) -> Option<Reply> {
        let failed = |ret: i64, errcode: i64, errmsg: &str| {
            http::json(200, &json!({"ret": ret, "errcode": errcode, "errmsg": errmsg}))
        };
        match self {
            Fault::Http(status) => Some(http::reply(*status, "text/plain", "out of order")),
            Fault::Ret { ret, errcode, errmsg } => Some(failed(*ret, *errcode, errmsg)),
            Fault::StaleSession => Some(failed(-1, -14, "session timeout")),
            Fault::Malformed => {
                Some(http::reply(200, "application/json", "{\"ret\":0,\"msgs\":[{"))
            }
            Fault::Drop | Fault::DropAfter | Fault::Slow(_) => None,
        }
    }
}
