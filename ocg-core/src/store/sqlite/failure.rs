//! From SQLite's errors to those of the store.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::store::StoreError;

/// What `error` means for the store at `path`.
pub(in crate::store) fn failure(path: &Path, error: &Error) -> StoreError {
    let path = path.to_owned();
    let reason = || error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreError::ReadOnly { path }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked { path },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Corrupt { path, reason: reason() }
        }
        _ => StoreError::Other { path, reason: reason() },
    }
}
