//! Media: uploaded for one chat, then sent by reference; and files that users sent.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::state::State;
use crate::http::{self, Reply};
use crate::platforms::api::{Call, Refusal};

/// What was uploaded.
#[derive(Debug)]
pub(super) struct Upload {
    pub place: String,
    pub file_type: u64,
    pub bytes: Vec<u8>,
    pub name: Option<String>,
}

/// Answers an upload.
pub(super) fn upload(state: &mut State, place: &str, call: &Call) -> Result<Value, Refusal> {
    let body = &call.body;
    let file_type = body["file_type"].as_u64().unwrap_or_default();
    if !(1..=4).contains(&file_type) {
        return Err(Refusal::new(400, 850019, format!("file_type {}", body["file_type"])));
    }
    if body["srv_send_msg"] != false {
        return Err(Refusal::new(400, 850020, "srv_send_msg would cost an active message"));
    }
    if !state.chats.contains_key(place) {
        return Err(Refusal::new(400, 11255, format!("upload for unknown {place:?}")));
    }
    let name = body["file_name"].as_str().map(str::to_owned);
    if let Some(url) = body["url"].as_str() {
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(Refusal::new(400, 850026, format!("not an address: {url}")));
        }
        // The platform fetches it itself; here it can reach its own files only.
        let id = url.split_once("fileid=").map_or("", |(_, id)| id);
        let (_, bytes) = state
            .files
            .get(id)
            .cloned()
            .ok_or_else(|| Refusal::new(400, 850026, format!("cannot fetch {url}")))?;
        return Ok(keep(state, place, file_type, bytes, name));
    }
    let bytes = BASE64_STANDARD.decode(body["file_data"].as_str().unwrap_or_default());
    let bytes = bytes.ok().filter(|bytes| !bytes.is_empty());
    let bytes = bytes.ok_or_else(|| Refusal::new(400, 850026, "file_data is not base64"))?;
    if file_type == 1 && !is_picture(&bytes) {
        return Err(Refusal::new(400, 850031, "an image that is neither PNG nor JPEG"));
    }
    Ok(keep(state, place, file_type, bytes, name))
}

fn keep(
    state: &mut State,
    place: &str,
    file_type: u64,
    bytes: Vec<u8>,
    name: Option<String>,
) -> Value {
    let info = format!("file-info-{}", state.id());
    let upload = Upload { place: place.to_owned(), file_type, bytes, name };
    state.uploads.insert(info.clone(), upload);
    json!({"file_uuid": format!("uuid of {info}"), "file_info": info, "ttl": 3600})
}

fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8")
}

/// Answers the download of a file that a user sent.
pub(super) fn download(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let (content_type, bytes) = state
        .files
        .get(call.parameter("fileid"))
        .ok_or_else(|| Refusal::new(404, 404, "no such file"))?;
    Ok(http::reply(200, content_type, bytes.clone()))
}
