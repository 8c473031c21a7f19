//! Pairing in the plugins' own files, which some plugins read and write themselves.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::file_lock::FileLock;
use super::pairing::{Challenge, PairingError, PairingRequest, PairingStore};
use super::pairing_book::PairingBook;
use crate::message::AccountKey;

/// Keeps pairing in `<channel>-pairing.json` and `<channel>-<account>-allowFrom.json` inside one
/// folder (plugin contract §3.3, §6.1). Each change is made under the lock that plugins use as well
/// and replaces the file as a whole, readable by its owner alone.
#[derive(Debug, Clone)]
pub struct PairingFiles {
    folder: PathBuf,
}

/// Content of an `allowFrom` file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AllowFile {
    #[serde(default)]
    version: u32,
    #[serde(default)]
    allow_from: Vec<String>,
}

impl PairingFiles {
    /// Pairing files in `folder` ([`crate::config::StateDir::credentials`]); the folder is made
    /// when something is written.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn requests_path(&self, channel: &str) -> Result<PathBuf, PairingError> {
        Ok(self.folder.join(format!("{}-pairing.json", channel_key(channel)?)))
    }

    fn allow_path(&self, account: &AccountKey) -> Result<PathBuf, PairingError> {
        let (channel, account) = (channel_key(&account.channel)?, file_key(&account.account)?);
        Ok(self.folder.join(format!("{channel}-{account}-allowFrom.json")))
    }

    /// Changes the pending requests of a channel under its lock; nothing is written on an error.
    fn change_requests<T>(
        &self,
        channel: &str,
        change: impl FnOnce(&mut PairingBook) -> Result<T, PairingError>,
    ) -> Result<T, PairingError> {
        let path = self.requests_path(channel)?;
        let _lock = lock(&path)?;
        let mut book = read(&path)?.unwrap_or_default();
        let result = change(&mut book)?;
        write(&path, &book)?;
        Ok(result)
    }

    fn take(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError> {
        self.change_requests(channel, |book| {
            book.take(code, SystemTime::now()).ok_or_else(|| PairingError::UnknownCode {
                channel: channel.into(),
                code: code.into(),
            })
        })
    }

    fn allow(&self, account: &AccountKey, sender: &str) -> Result<(), PairingError> {
        let path = self.allow_path(account)?;
        let _lock = lock(&path)?;
        let mut file: AllowFile =
            read(&path)?.unwrap_or(AllowFile { version: 1, allow_from: Vec::new() });
        file.version = 1;
        if !file.allow_from.iter().any(|known| known == sender) {
            file.allow_from.push(sender.to_owned());
        }
        write(&path, &file)
    }

    /// The request leaves the list only after the approval is on disk: a crash in between leaves a
    /// request that can be approved again.
    fn approve_now(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError> {
        self.change_requests(channel, |book| {
            let request = book.take(code, SystemTime::now()).ok_or_else(|| {
                PairingError::UnknownCode { channel: channel.into(), code: code.into() }
            })?;
            self.allow(&AccountKey::new(channel, &request.account_id), &request.id)?;
            Ok(request)
        })
    }

    /// Runs file work where it may block.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, PairingError> + Send + 'static,
    ) -> Result<T, PairingError> {
        let this = self.clone();
        match tokio::task::spawn_blocking(move || work(&this)).await {
            Ok(result) => result,
            Err(error) => Err(PairingError::File {
                path: self.folder.clone(),
                source: io::Error::other(error),
            }),
        }
    }
}

#[async_trait]
impl PairingStore for PairingFiles {
    async fn allowed(&self, account: &AccountKey) -> Result<Vec<String>, PairingError> {
        let path = self.allow_path(account)?;
        self.off_thread(move |_| {
            Ok(read::<AllowFile>(&path)?.map(|file| file.allow_from).unwrap_or_default())
        })
        .await
    }

    async fn upsert(
        &self,
        account: &AccountKey,
        sender: &str,
        meta: BTreeMap<String, String>,
    ) -> Result<Challenge, PairingError> {
        let (account, sender) = (account.clone(), sender.to_owned());
        self.off_thread(move |files| {
            files.change_requests(&account.channel, |book| {
                book.upsert(&account, &sender, meta, SystemTime::now())
            })
        })
        .await
    }

    async fn list(&self, channel: &str) -> Result<Vec<PairingRequest>, PairingError> {
        let path = self.requests_path(channel)?;
        self.off_thread(move |_| {
            Ok(read::<PairingBook>(&path)?
                .map(|book| book.pending(SystemTime::now()))
                .unwrap_or_default())
        })
        .await
    }

    async fn approve(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError> {
        let (channel, code) = (channel.to_owned(), code.to_owned());
        self.off_thread(move |files| files.approve_now(&channel, &code)).await
    }

    async fn deny(&self, channel: &str, code: &str) -> Result<PairingRequest, PairingError> {
        let (channel, code) = (channel.to_owned(), code.to_owned());
        self.off_thread(move |files| files.take(&channel, &code)).await
    }
}

/// A channel id as part of a file name. It is a name already, so one that looks like a path is a
/// mistake, not to be taken for another channel.
fn channel_key(channel: &str) -> Result<String, PairingError> {
    if channel.contains(['/', '\\']) || channel.contains("..") {
        return Err(PairingError::BadId(channel.into()));
    }
    file_key(channel)
}

/// An id as part of a file name, by the rule that plugins use for the same files.
fn file_key(id: &str) -> Result<String, PairingError> {
    let lower = id.trim().to_lowercase();
    let safe =
        lower.replace(['\\', '/', ':', '*', '?', '"', '<', '>', '|'], "_").replace("..", "_");
    if safe.is_empty() || safe == "_" || safe.contains('\0') {
        return Err(PairingError::BadId(id.into()));
    }
    Ok(safe)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, PairingError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|source| PairingError::Damaged { path: path.into(), source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(PairingError::File { path: path.into(), source }),
    }
}

/// `tempfile` creates with mode 0600; the rename makes the change appear as a whole.
fn write<T: Serialize>(path: &Path, content: &T) -> Result<(), PairingError> {
    let replace = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, content)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    replace().map_err(|source| PairingError::File { path: path.into(), source })
}

fn lock(path: &Path) -> Result<FileLock, PairingError> {
    let made = path.parent().map_or(Ok(()), make_private_folder);
    made.and_then(|()| FileLock::acquire(path))
        .map_err(|source| PairingError::File { path: path.into(), source })
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> AccountKey {
        AccountKey::new("openclaw-weixin", "A:1/b")
    }

    #[tokio::test]
    async fn an_approved_sender_is_in_the_accounts_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let files = PairingFiles::new(folder.path().join("credentials"));
        let challenge = files.upsert(&account(), "wx_1", BTreeMap::new()).await.unwrap();
        let pending = files.list("openclaw-weixin").await.unwrap();
        assert_eq!((pending[0].id.as_str(), &pending[0].code), ("wx_1", &challenge.code));

        files.approve("openclaw-weixin", &challenge.code).await.unwrap();
        assert_eq!(files.allowed(&account()).await.unwrap(), ["wx_1"]);
        assert!(files.list("openclaw-weixin").await.unwrap().is_empty());
        let path = folder.path().join("credentials/openclaw-weixin-a_1_b-allowFrom.json");
        let content: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(content, serde_json::json!({"version": 1, "allowFrom": ["wx_1"]}));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let other = AccountKey::new("openclaw-weixin", "other");
        assert!(files.allowed(&other).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn parallel_requests_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let files = PairingFiles::new(folder.path());
        let account = account();
        let (one, two, three) = tokio::join!(
            files.upsert(&account, "1", BTreeMap::new()),
            files.upsert(&account, "2", BTreeMap::new()),
            files.upsert(&account, "3", BTreeMap::new()),
        );
        assert!(one.unwrap().created && two.unwrap().created && three.unwrap().created);
        assert_eq!(files.list(&account.channel).await.unwrap().len(), 3);
    }

    #[tokio::test]
    async fn wrong_codes_ids_and_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let files = PairingFiles::new(folder.path());
        let unknown = files.deny("chat", "ABCD2345").await.unwrap_err();
        insta::assert_snapshot!(unknown, @"no pending pairing request on chat has the code ABCD2345; codes expire after one hour");
        for path in ["../../etc", "/etc/passwd", "..", "a\\b"] {
            let errors = [
                files.list(path).await.unwrap_err(),
                files.approve(path, "ABCD2345").await.unwrap_err(),
                files.deny(path, "ABCD2345").await.unwrap_err(),
                files.allowed(&AccountKey::new(path, "main")).await.unwrap_err(),
            ];
            for error in errors {
                assert!(matches!(&error, PairingError::BadId(id) if id == path), "{error:?}");
            }
        }
        let bad = files.allowed(&AccountKey::new("chat", " / ")).await.unwrap_err();
        insta::assert_snapshot!(bad, @"' / ' cannot be used as a channel or account id; see `ocg channels list`");
        fs::write(folder.path().join("chat-pairing.json"), "{").unwrap();
        let damaged = files.list("chat").await.unwrap_err();
        assert!(damaged.to_string().contains("is damaged; correct it or remove it"));
    }
}
