//! Messages that are shown while they are being written, in private chats.

use serde_json::Value;
use tokio::time::Instant;

use super::formatting;
use super::parameters::Parameters;
use super::room::Kind;
use super::sending::{self, TEXT_LIMIT};
use super::server::bad_request;
use super::state::State;
use crate::platforms::api::Refusal;

/// What a draft said for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub at: Instant,
    pub id: i64,
    pub text: String,
}

/// Answers `sendMessageDraft` and `sendRichMessageDraft`.
pub(super) fn show(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let id = parameters.integer("draft_id").unwrap_or_default();
    if id == 0 {
        return Err(bad_request("draft_id must be non-zero"));
    }
    let text = match parameters.json("rich_message") {
        Some(rich) => formatting::rich_text(&rich).map_err(bad_request)?,
        None => {
            let text = formatting::read(parameters, "text", "parse_mode", "entities")?;
            if text.units() > TEXT_LIMIT {
                return Err(bad_request("message is too long"));
            }
            text.text
        }
    };
    let room = sending::room(state, parameters)?;
    if room.kind != Kind::Private {
        return Err(bad_request("drafts are shown in private chats only"));
    }
    room.drafts.push(Draft { at: Instant::now(), id, text });
    Ok(true.into())
}
