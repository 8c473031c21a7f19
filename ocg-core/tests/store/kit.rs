//! A store in a folder of its own, with a clock that tests set.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ocg_core::message::{AccountKey, InboundMessage};
use ocg_core::store::{
    Admitted, Fingerprint, NewToken, NewTurn, SqliteStore, Store, StoreError, TokenHash, TurnId,
};
use tempfile::TempDir;

pub(crate) struct Kit {
    folder: TempDir,
    seconds: Arc<AtomicU64>,
}

impl Kit {
    pub(crate) fn new() -> Self {
        let seconds = Arc::new(AtomicU64::new(1_000_000));
        Self { folder: tempfile::tempdir().unwrap(), seconds }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("ocg.sqlite")
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(crate) fn open(&self) -> SqliteStore {
        self.try_open().unwrap()
    }

    pub(crate) fn try_open(&self) -> Result<SqliteStore, StoreError> {
        let seconds = Arc::clone(&self.seconds);
        let clock = move || UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::Relaxed));
        SqliteStore::with_clock(&self.file(), Arc::new(clock))
    }

    pub(crate) fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.seconds.load(Ordering::Relaxed))
    }

    /// Sets the clock forward, or back.
    pub(crate) fn pass(&self, seconds: i64) {
        let now = self.seconds.load(Ordering::Relaxed);
        self.seconds.store(now.saturating_add_signed(seconds), Ordering::Relaxed);
    }
}

pub(crate) fn message(text: &str) -> NewTurn {
    let account = AccountKey::new("chat", "main");
    NewTurn { message: InboundMessage::direct(account, "ann", text), fingerprint: None }
}

pub(crate) fn known_by(text: &str, n: u8) -> NewTurn {
    NewTurn { fingerprint: Some(Fingerprint([n; 16])), ..message(text) }
}

pub(crate) async fn admitted(store: &SqliteStore, turn: NewTurn) -> TurnId {
    match store.admit(turn).await.unwrap() {
        Admitted::New(turn) => turn,
        Admitted::Known => panic!("the message was known"),
    }
}

pub(crate) async fn with_token(store: &SqliteStore, kit: &Kit, token: &str) -> TurnId {
    let turn = admitted(store, message("hello")).await;
    let expires = kit.now() + Duration::from_secs(60);
    store.issue(NewToken { hash: TokenHash::of(token), turn, expires }).await.unwrap();
    turn
}
