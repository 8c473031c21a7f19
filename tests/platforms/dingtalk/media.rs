//! Media: what bots upload, and what users sent.

use serde_json::{Value, json};

use super::endpoint::FILES;
use super::state::State;
use crate::http::{self, Reply};
use crate::platforms::api::{Call, Refusal};

/// Some content.
#[derive(Debug, Clone)]
pub(super) struct Media {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// Answers an upload: `multipart/form-data` with one part `media`.
pub(super) fn upload(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let kind = call.parameter("type");
    if !["image", "voice", "video", "file"].contains(&kind) {
        return Err(Refusal::new(200, 40004, format!("media type {kind:?}")));
    }
    let bytes = part(call).filter(|bytes| !bytes.is_empty());
    let bytes = bytes.ok_or_else(|| Refusal::new(200, 40035, "no part named media"))?;
    let id = format!("@media-{}", state.id());
    state.uploads.insert(id.clone(), Media { content_type: kind.to_owned(), bytes });
    Ok(json!({"errcode": 0, "errmsg": "ok", "media_id": id, "type": kind, "created_at": 1}))
}

/// Content of the part named `media` (RFC 7578).
fn part(call: &Call) -> Option<Vec<u8>> {
    let boundary = call.header("content-type").strip_prefix("multipart/form-data; boundary=")?;
    let boundary = format!("--{}", boundary.trim_matches('"'));
    let find = |from: usize, wanted: &[u8]| {
        let rest = &call.bytes[from..];
        rest.windows(wanted.len()).position(|window| window == wanted).map(|at| from + at)
    };
    let start = find(0, boundary.as_bytes())? + boundary.len();
    let body = find(start, b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&call.bytes[start..body]).to_lowercase();
    let end = find(body, format!("\r\n{boundary}").as_bytes())?;
    let named = head.contains("name=\"media\"") && head.contains("filename=");
    named.then(|| call.bytes[body..end].to_vec())
}

/// Answers the exchange of a download code for an address.
pub(super) fn address(state: &State, call: &Call) -> Result<Value, Refusal> {
    if call.body["robotCode"] != state.settings.client_id.as_str() {
        return Err(Refusal::new(400, "invalidParameter.robotCode", "robotCode is not this bot's"));
    }
    let code = call.body["downloadCode"].as_str().unwrap_or_default();
    if !state.files.contains_key(code) {
        return Err(Refusal::new(400, "invalidParameter.downloadCode", format!("code {code:?}")));
    }
    Ok(json!({"downloadUrl": format!("https://{FILES}/file?code={code}")}))
}

/// Answers the download of a file that a user sent.
pub(super) fn download(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let file = state.files.get(call.parameter("code"));
    let file = file.ok_or_else(|| Refusal::new(404, "notFound", "no such file"))?;
    Ok(http::reply(200, &file.content_type, file.bytes.clone()))
}
