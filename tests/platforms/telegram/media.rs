//! Files: uploaded by the bot, or sent by users and fetched by it.

use serde_json::{Value, json};

use super::parameters::{Given, Parameters};
use super::server::bad_request;
use super::state::State;
use crate::http::{self, Reply};
use crate::platforms::api::Refusal;

const MB: usize = 1024 * 1024;
/// Largest photo that a bot may upload.
const PHOTO_LIMIT: usize = 10 * MB;
/// Largest file of any other kind.
const UPLOAD_LIMIT: usize = 50 * MB;
/// Largest file that a bot may fetch.
const FETCH_LIMIT: usize = 20 * MB;

/// A file on the platform.
#[derive(Debug)]
pub(super) struct Stored {
    pub kind: &'static str,
    pub name: Option<String>,
    pub bytes: Vec<u8>,
    /// Its size, of a file without content, too.
    pub size: usize,
    /// Told by `getFile`.
    pub path: Option<String>,
}

/// Keeps a file and gives its id.
pub(super) fn keep(
    state: &mut State,
    kind: &'static str,
    name: Option<String>,
    bytes: Vec<u8>,
) -> String {
    let id = format!("AgACAgIAAxkBAAI-{kind}-{}", state.id());
    let size = bytes.len();
    state.files.insert(id.clone(), Stored { kind, name, bytes, size, path: None });
    id
}

/// Takes a file that the bot sends; gives its id.
pub(super) fn store(
    state: &mut State,
    kind: &'static str,
    given: Option<Given>,
) -> Result<String, Refusal> {
    match given {
        None => Err(bad_request(format!("there is no {kind} in the request"))),
        Some(Given::Reference(id)) if state.files.contains_key(&id) => Ok(id),
        Some(Given::Reference(_)) => Err(bad_request("wrong file identifier/HTTP URL specified")),
        Some(Given::Upload(upload)) => {
            let limit = if kind == "photo" { PHOTO_LIMIT } else { UPLOAD_LIMIT };
            if upload.bytes.len() > limit {
                return Err(Refusal::new(413, 413, "Request Entity Too Large"));
            }
            if upload.bytes.is_empty() {
                return Err(bad_request("file must be non-empty"));
            }
            if kind == "photo" && !is_picture(&upload.bytes) {
                return Err(bad_request("IMAGE_PROCESS_FAILED"));
            }
            Ok(keep(state, kind, upload.name, upload.bytes))
        }
    }
}

fn is_picture(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF"];
    starts.iter().any(|start| bytes.starts_with(start))
}

/// The fields of a message that describe the file in it.
pub(super) fn describe(state: &State, kind: &'static str, id: &str) -> Value {
    let file = &state.files[id];
    let mut json = json!({
        "file_id": id, "file_unique_id": format!("U{id}"), "file_size": file.size,
    });
    if let Some(name) = &file.name {
        json["file_name"] = name.clone().into();
    }
    match kind {
        "photo" => {
            json["width"] = 1.into();
            json["height"] = 1.into();
            json = json!([json]);
        }
        "voice" => {
            json["duration"] = 1.into();
            json["mime_type"] = "audio/ogg".into();
        }
        "audio" => {
            json["duration"] = 1.into();
            json["mime_type"] = "audio/mpeg".into();
        }
        "video" | "animation" | "video_note" => {
            json["duration"] = 1.into();
            json["mime_type"] = "video/mp4".into();
            (json["width"], json["height"], json["length"]) = (64.into(), 64.into(), 64.into());
        }
        "sticker" => {
            json["type"] = "regular".into();
            json["emoji"] = "👍".into();
            json["set_name"] = "Thumbs".into();
            (json["width"], json["height"]) = (512.into(), 512.into());
            (json["is_animated"], json["is_video"]) = (false.into(), false.into());
        }
        _ => {
            let text = file.name.as_deref().is_some_and(|name| name.ends_with(".txt"));
            let mime = if text { "text/plain" } else { "application/octet-stream" };
            json["mime_type"] = mime.into();
        }
    }
    json!({ kind: json })
}

/// Answers `getFile`.
pub(super) fn tell(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let id = parameters.text("file_id").unwrap_or_default();
    let number = state.id();
    let invalid = || bad_request("invalid file_id");
    let file = state.files.get_mut(&id).ok_or_else(invalid)?;
    if file.size > FETCH_LIMIT {
        return Err(bad_request("file is too big").excused());
    }
    let (folder, extension) = match file.kind {
        "photo" => ("photos", "jpg"),
        "voice" => ("voice", "oga"),
        "audio" => ("music", "mp3"),
        "sticker" => ("stickers", "webp"),
        "document" => ("documents", "bin"),
        _ => ("videos", "mp4"),
    };
    let named = file.name.as_deref().and_then(|name| name.rsplit_once('.'));
    let extension = named.map_or(extension, |(_, extension)| extension);
    let path = format!("{folder}/file_{number}.{extension}");
    file.path = Some(path.clone());
    Ok(json!({
        "file_id": id, "file_unique_id": format!("U{id}"), "file_size": file.size,
        "file_path": path,
    }))
}

/// Answers `/file/bot<token>/<path>`.
pub(super) fn download(state: &State, path: &str) -> Result<Reply, Refusal> {
    let wanted = path.splitn(4, '/').nth(3);
    let mut files = state.files.values();
    let file = files.find(|file| file.path.is_some() && file.path.as_deref() == wanted);
    let file = file.ok_or_else(|| Refusal::new(404, 404, format!("no file at {path}")))?;
    Ok(http::reply(200, "application/octet-stream", file.bytes.clone()))
}
