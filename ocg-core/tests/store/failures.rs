//! Disks that are full, files that are locked, read-only, damaged or too new.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use ocg_core::store::{Store, StoreError, StoreHealth};
use rusqlite::Connection;

use crate::kit::{Kit, admitted, message};

#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    let kit = Kit::new();
    fs::write(kit.file(), "").unwrap();
    fs::set_permissions(kit.file(), Permissions::from_mode(0o644)).unwrap();
    let store = kit.open();
    admitted(&store, message("hello")).await;
    for entry in fs::read_dir(kit.folder()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
}

#[tokio::test]
async fn a_newer_file_is_refused_and_left_alone() {
    let kit = Kit::new();
    drop(kit.open());
    Connection::open(kit.file()).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(kit.file()).unwrap();
    let error = kit.try_open().err().unwrap();
    assert!(matches!(error, StoreError::Newer { found: 99, known: 2, .. }), "{error}");
    assert!(error.to_string().contains("install the newer ocg again"), "{error}");
    assert!(fs::read(kit.file()).unwrap() == before, "the file was changed");
}

#[tokio::test]
async fn a_damaged_file_is_kept_aside() {
    let kit = Kit::new();
    let garbage = b"not a database, but long enough to be taken for one".repeat(40);
    fs::write(kit.file(), &garbage).unwrap();
    let store = kit.open();
    let kept = store.kept_aside().unwrap().to_owned();
    assert!(fs::read(kept).unwrap() == garbage, "the file was changed");
    admitted(&store, message("goes on")).await;
    drop(store);
    assert_eq!(kit.open().kept_aside(), None);
}

#[tokio::test]
async fn a_page_that_was_overwritten_is_found_at_the_start() {
    let kit = Kit::new();
    {
        let store = kit.open();
        for _ in 0..50 {
            admitted(&store, message(&"x".repeat(1_000))).await;
        }
    }
    let mut bytes = fs::read(kit.file()).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xAA);
    fs::write(kit.file(), &bytes).unwrap();
    let store = kit.open();
    assert!(fs::read(store.kept_aside().unwrap()).unwrap() == bytes, "the file was changed");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_a_clear_error() {
    let kit = Kit::new();
    fs::create_dir(kit.file()).unwrap();
    let error = kit.try_open().err().unwrap();
    assert!(error.to_string().contains("ocg.sqlite"), "{error}");
    assert!(kit.file().is_dir());
}

#[tokio::test]
async fn a_full_disk_refuses_messages_and_loses_none() {
    let kit = Kit::new();
    let store = kit.open();
    let kept = admitted(&store, message("before")).await;
    let quota = Connection::open(kit.file()).unwrap();
    let pages: i64 = quota.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    drop(quota);
    store.limit_pages(pages).await.unwrap();
    let refused = loop {
        if let Err(error) = store.admit(message(&"x".repeat(3_000))).await {
            break error;
        }
    };
    assert!(matches!(refused, StoreError::Full { .. }), "{refused}");
    assert!(refused.retryable());
    let StoreHealth::Degraded(reason) = store.health() else { panic!("not degraded") };
    assert!(reason.contains("no space left"), "{reason}");
    assert_eq!(store.unfinished().await.unwrap()[0].id, kept);

    store.limit_pages(1_000_000).await.unwrap();
    admitted(&store, message("after")).await;
    assert_eq!(store.health(), StoreHealth::Good);
}

#[tokio::test]
async fn a_locked_file_is_waited_for_and_then_a_clear_error() {
    let kit = Kit::new();
    let store = kit.open();
    let other = Connection::open(kit.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.admit(message("hello")).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    assert!(matches!(store.health(), StoreHealth::Degraded(_)));
    other.execute_batch("ROLLBACK").unwrap();
    admitted(&store, message("hello")).await;
    assert_eq!(store.unfinished().await.unwrap().len(), 1);
}
