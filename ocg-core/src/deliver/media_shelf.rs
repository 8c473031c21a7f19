//! Files on their way from an agent to a chat.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use data_url::DataUrl;
use tempfile::TempPath;

/// Largest file that is accepted in a `data:` URL, in bytes.
const MAX_BYTES: usize = 20 * 1024 * 1024;

/// A `data:` URL that cannot become a file.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The URL is malformed.
    #[error("the agent sent a damaged data: URL")]
    Damaged,
    /// The file is too large.
    #[error("the agent sent a file of over {} MiB", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// The file cannot be written.
    #[error("cannot write a file below {}", folder.display())]
    Write {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Keeps files until they are delivered.
#[derive(Debug, Clone)]
pub struct MediaShelf {
    folder: PathBuf,
}

/// A file that is removed when this is dropped.
#[derive(Debug)]
pub struct ShelvedMedia {
    path: TempPath,
}

impl ShelvedMedia {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl MediaShelf {
    /// A shelf in `folder` ([`crate::config::StateDir::outbound_media`]), made when needed.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Saves the content of a `data:` URL (RFC 2397) under a random name with the extension that
    /// its type asks for, readable by its owner alone.
    pub async fn keep(&self, data_url: String) -> Result<ShelvedMedia, ShelfError> {
        let folder = self.folder.clone();
        let kept = tokio::task::spawn_blocking(move || keep(&folder, &data_url)).await;
        kept.unwrap_or_else(|panic| {
            Err(ShelfError::Write { folder: self.folder.clone(), source: io::Error::other(panic) })
        })
    }
}

fn keep(folder: &Path, data_url: &str) -> Result<ShelvedMedia, ShelfError> {
    // Base64 takes four characters for three bytes, percent encoding up to three for one.
    if data_url.len() > 3 * MAX_BYTES + 1024 {
        return Err(ShelfError::TooLarge);
    }
    let url = DataUrl::process(data_url).map_err(|_| ShelfError::Damaged)?;
    let (bytes, _) = url.decode_to_vec().map_err(|_| ShelfError::Damaged)?;
    if bytes.len() > MAX_BYTES {
        return Err(ShelfError::TooLarge);
    }
    let mime = url.mime_type();
    let suffix = format!(".{}", extension(&mime.type_, &mime.subtype));
    let write = || -> io::Result<TempPath> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix("media-")
            .suffix(&suffix)
            .rand_bytes(16)
            .tempfile_in(folder)?;
        file.write_all(&bytes)?;
        Ok(file.into_temp_path())
    };
    let path = write().map_err(|source| ShelfError::Write { folder: folder.into(), source })?;
    Ok(ShelvedMedia { path })
}

/// The usual extension; the type table lists them by alphabet.
fn extension(kind: &str, subtype: &str) -> &'static str {
    match (kind, subtype) {
        ("image", "jpeg") => "jpg",
        ("audio", "mpeg") => "mp3",
        ("audio", "ogg" | "opus") => "ogg",
        ("audio", "wav" | "x-wav" | "wave") => "wav",
        ("video", "mp4") => "mp4",
        ("text", "plain") => "txt",
        ("text", "html") => "html",
        ("text", "markdown") => "md",
        _ => mime_guess::get_mime_extensions_str(&format!("{kind}/{subtype}"))
            .and_then(|known| known.first().copied())
            .unwrap_or("bin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_data_url_becomes_a_file_that_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = MediaShelf::new(folder.path().join("outbound"));
        let media = shelf.keep("data:image/png;base64,AAEC".into()).await.unwrap();
        assert_eq!(media.path().extension().unwrap(), "png");
        assert_eq!(fs::read(media.path()).unwrap(), [0, 1, 2]);
        let path = media.path().to_owned();
        drop(media);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn damaged_and_oversized_urls_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = MediaShelf::new(folder.path());
        let damaged = shelf.keep("data:image/png;base64,A".into()).await.unwrap_err();
        insta::assert_snapshot!(damaged, @"the agent sent a damaged data: URL");
        let large = format!("data:,{}", "a".repeat(MAX_BYTES + 1));
        let large = shelf.keep(large).await.unwrap_err();
        insta::assert_snapshot!(large, @"the agent sent a file of over 20 MiB");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
