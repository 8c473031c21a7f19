//! Files that came with a message, as the agent gets to see them.

use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use crate::message::InboundMedia;

/// Larger images are only named.
const MAX_IMAGE_BYTES: u64 = 10 << 20;
/// Images of one message beyond this are only named: the body would grow without bound.
const MAX_IMAGES_BYTES: u64 = 30 << 20;
/// Longer texts are cut.
const MAX_TEXT_BYTES: u64 = 64 << 10;

/// A part of a message's content.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Part {
    Text { text: String },
    ImageUrl { image_url: ImageUrl },
}

/// Where an image is: here always a `data:` URL.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ImageUrl {
    url: String,
}

/// Images as images, short texts as text, all else by name. A file that cannot be read is named,
/// too: the question may make sense without it.
pub(super) async fn parts(media: &[InboundMedia]) -> Vec<Part> {
    let mut left = MAX_IMAGES_BYTES;
    let mut parts = Vec::new();
    for media in media {
        let part = match part(media, left).await {
            Ok(part) => part,
            Err(error) => {
                tracing::warn!(file = %media.path.display(), %error, "cannot read a file that came with a message");
                text_part(format!("[file: {}, {}, not readable]", name(media), media.mime))
            }
        };
        if let Part::ImageUrl { image_url } = &part {
            left = left.saturating_sub(image_url.url.len() as u64 / 4 * 3);
        }
        parts.push(part);
    }
    parts
}

async fn part(media: &InboundMedia, images_left: u64) -> io::Result<Part> {
    let file = File::open(&media.path).await?;
    let size = file.metadata().await?.len();
    if media.mime.starts_with("image/") && size <= MAX_IMAGE_BYTES.min(images_left) {
        let mut bytes = Vec::new();
        file.take(MAX_IMAGE_BYTES).read_to_end(&mut bytes).await?;
        if let Some(mime) = image_type(&bytes) {
            let url = format!("data:{mime};base64,{}", BASE64.encode(&bytes));
            return Ok(Part::ImageUrl { image_url: ImageUrl { url } });
        }
    } else if is_text(media) {
        let mut bytes = Vec::new();
        file.take(MAX_TEXT_BYTES).read_to_end(&mut bytes).await?;
        if let Some(text) = text(&bytes, size > MAX_TEXT_BYTES) {
            return Ok(text_part(format!("[file: {}]\n{text}", name(media))));
        }
    }
    Ok(text_part(format!("[file: {}, {}, {}]", name(media), media.mime, human(size))))
}

fn text_part(text: String) -> Part {
    Part::Text { text }
}

/// The type by the first bytes, for the four that agents understand. Channels often know no more
/// than `image/*`, and some say PNG where it is JPEG.
fn image_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

fn is_text(media: &InboundMedia) -> bool {
    let known = media.mime.split(';').next().unwrap_or_default().trim();
    let guessed = mime_guess::from_path(name(media)).first_or_octet_stream();
    [known, guessed.essence_str()].into_iter().any(|mime| {
        mime.starts_with("text/")
            || matches!(
                mime,
                "application/json"
                    | "application/xml"
                    | "application/yaml"
                    | "application/toml"
                    | "application/javascript"
            )
    })
}

/// The file's text, cut after the last whole character; `None` when it is something else.
fn text(bytes: &[u8], cut: bool) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if cut && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    if text.contains('\0') {
        return None;
    }
    let note = if cut { "\n[the rest of the file is cut]" } else { "" };
    Some(format!("{}{note}", text.trim_start_matches('\u{feff}')))
}

fn name(media: &InboundMedia) -> String {
    let path_name = || Path::new(&media.path).file_name().map(|name| name.to_string_lossy());
    let name = match &media.name {
        Some(name) => name.clone(),
        None => path_name().unwrap_or_default().into_owned(),
    };
    name.replace(|c: char| c.is_control(), " ")
}

fn human(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}
