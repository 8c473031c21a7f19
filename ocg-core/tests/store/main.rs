//! The SQLite store: what it keeps, what it refuses, and what it does when the disk does not.
#![allow(clippy::unwrap_used)]

mod failures;
mod journal;
mod kit;
mod sends;
mod tokens;
