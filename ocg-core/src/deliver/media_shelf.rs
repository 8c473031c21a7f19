//! Files on their way from an agent to a chat.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use data_url::DataUrl;
use tempfile::TempDir;

/// Largest file that an agent may send from this machine or in a `data:` URL, in bytes.
const MAX_BYTES: u64 = 20 * 1024 * 1024;

/// A file of an agent that cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The URL is malformed.
    #[error("the agent sent a damaged data: URL")]
    Damaged,
    /// The file is too large.
    #[error("the agent sent a file of over {} MiB", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// The file on this machine cannot be read.
    #[error("the agent sent {}, which cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
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

/// Keeps files until they are delivered, where channels may read them.
#[derive(Debug, Clone)]
pub struct MediaShelf {
    folder: PathBuf,
}

/// A file that is removed when this is dropped.
#[derive(Debug)]
pub struct ShelvedMedia {
    path: PathBuf,
    /// The file's own folder.
    _folder: TempDir,
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

    /// Saves the content of a `data:` URL (RFC 2397) with the extension that its type asks for.
    pub async fn keep_data(&self, data_url: String) -> Result<ShelvedMedia, ShelfError> {
        self.off_thread(move |shelf| {
            // Base64 takes four characters for three bytes, percent encoding up to three for one.
            if data_url.len() as u64 > 3 * MAX_BYTES + 1024 {
                return Err(ShelfError::TooLarge);
            }
            let url = DataUrl::process(&data_url).map_err(|_| ShelfError::Damaged)?;
            let (bytes, _) = url.decode_to_vec().map_err(|_| ShelfError::Damaged)?;
            let mime = url.mime_type();
            let name = format!("file.{}", extension(&mime.type_, &mime.subtype));
            shelf.put(Path::new(&name), &mut bytes.as_slice())
        })
        .await
    }

    /// Copies a file of this machine, which keeps its name. It is not linked: channels may write
    /// to what lies on the shelf.
    pub async fn keep_file(&self, path: PathBuf) -> Result<ShelvedMedia, ShelfError> {
        self.off_thread(move |shelf| {
            let name = path.file_name().unwrap_or(path.as_os_str());
            match File::open(&path) {
                Ok(mut file) => shelf.put(Path::new(name), &mut file),
                Err(source) => Err(ShelfError::Read { path, source }),
            }
        })
        .await
    }

    async fn off_thread(
        &self,
        work: impl FnOnce(&Self) -> Result<ShelvedMedia, ShelfError> + Send + 'static,
    ) -> Result<ShelvedMedia, ShelfError> {
        let shelf = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&shelf)).await;
        done.unwrap_or_else(|panic| Err(self.unwritable(io::Error::other(panic))))
    }

    fn unwritable(&self, source: io::Error) -> ShelfError {
        ShelfError::Write { folder: self.folder.clone(), source }
    }

    /// Writes `content` to a file in a random folder that its owner alone may enter.
    fn put(&self, name: &Path, content: &mut dyn Read) -> Result<ShelvedMedia, ShelfError> {
        let mut write = || -> io::Result<(ShelvedMedia, u64)> {
            fs::create_dir_all(&self.folder)?;
            let mut builder = tempfile::Builder::new();
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
            let folder = builder.prefix("media-").rand_bytes(16).tempdir_in(&self.folder)?;
            let path = folder.path().join(name);
            let size = io::copy(&mut content.take(MAX_BYTES + 1), &mut File::create(&path)?)?;
            Ok((ShelvedMedia { path, _folder: folder }, size))
        };
        let (kept, size) = write().map_err(|source| self.unwritable(source))?;
        if size > MAX_BYTES { Err(ShelfError::TooLarge) } else { Ok(kept) }
    }
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
        let outbound = folder.path().join("outbound");
        let shelf = MediaShelf::new(&outbound);
        let media = shelf.keep_data("data:image/png;base64,AAEC".into()).await.unwrap();
        assert_eq!(media.path().extension().unwrap(), "png");
        assert_eq!(fs::read(media.path()).unwrap(), [0, 1, 2]);
        drop(media);
        assert_eq!(fs::read_dir(outbound).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_file_keeps_its_name_and_the_original_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (original, outbound) = (folder.path().join("a b.pdf"), folder.path().join("outbound"));
        fs::write(&original, "%PDF").unwrap();
        let shelf = MediaShelf::new(&outbound);
        let media = shelf.keep_file(original.clone()).await.unwrap();
        let again = shelf.keep_file(original.clone()).await.unwrap();
        assert_ne!(media.path(), again.path());
        assert_eq!(media.path().file_name(), original.file_name());
        assert!(media.path().starts_with(&outbound));
        fs::write(media.path(), "scribbled on").unwrap();
        drop((media, again));
        assert_eq!(fs::read_dir(outbound).unwrap().count(), 0);
        assert_eq!(fs::read(original).unwrap(), b"%PDF");
    }

    #[tokio::test]
    async fn files_that_cannot_be_kept_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let outbound = folder.path().join("outbound");
        let shelf = MediaShelf::new(&outbound);
        let damaged = shelf.keep_data("data:image/png;base64,A".into()).await.unwrap_err();
        insta::assert_snapshot!(damaged, @"the agent sent a damaged data: URL");
        let large = format!("data:,{}", "a".repeat(MAX_BYTES as usize + 1));
        let large = shelf.keep_data(large).await.unwrap_err();
        insta::assert_snapshot!(large, @"the agent sent a file of over 20 MiB");
        let path = folder.path().join("sparse");
        File::create(&path).unwrap().set_len(MAX_BYTES + 1).unwrap();
        let large = shelf.keep_file(path).await.unwrap_err();
        insta::assert_snapshot!(large, @"the agent sent a file of over 20 MiB");
        let absent = shelf.keep_file("/absent/a.png".into()).await.unwrap_err();
        insta::assert_snapshot!(absent, @"the agent sent /absent/a.png, which cannot be read");
        assert_eq!(fs::read_dir(outbound).unwrap().count(), 0);
    }
}
