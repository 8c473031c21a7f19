//! The store in one SQLite file.

mod database;
mod failure;
mod history;
mod journal;
mod outbox;
mod purge;
mod sends;
mod store;
mod tokens;
mod writer;

pub(super) use database::{Database, Place};
pub(super) use failure::failure;
pub(super) use journal::millis;
pub use store::{Clock, SqliteStore};
