//! What can go wrong with the store.

use std::path::PathBuf;

use crate::error::Fault;

/// A store that cannot do what it was asked. Nothing is half-written: the whole call had no
/// effect, unless the variant says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space is left.
    #[error("no space left for {}: free some on that disk; messages are refused until then", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder cannot be written.
    #[error("{} cannot be written: make it and its folder writable for the user that runs ocg", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Another program holds the database for longer than the store waits.
    #[error("{} is locked by another program: close the one that has it open", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a later version.
    #[error("{} has schema version {found}, and this version of ocg knows up to {known}: install the newer ocg again, or move the file away", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version found.
        found: i64,
        /// Newest version that is known.
        known: i64,
    },
    /// The file is damaged.
    #[error("{} is damaged ({reason}): see docs/operations.md on how to go on", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// The turn is settled or answered; it needs no token.
    #[error("the turn is over already")]
    TurnOver,
    /// The store was closed, or its thread has ended.
    #[error("the store is closed")]
    Closed,
    /// Anything else.
    #[error("{} failed: {reason}", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What SQLite or the system said.
        reason: String,
    },
}

impl StoreError {
    /// Whose side it is on.
    pub fn fault(&self) -> Fault {
        match self {
            Self::ReadOnly { .. } | Self::Newer { .. } => Fault::Config,
            _ => Fault::Machine,
        }
    }

    /// Whether the same call may succeed later without anybody changing the file.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Locked { .. } | Self::ReadOnly { .. })
    }
}
