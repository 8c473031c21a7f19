//! The gateway as its users see it: a channel in front, an agent behind, time under control.
#![allow(missing_docs, reason = "tests are read, not documented")]

mod admission;
mod delivery;
mod embedding;
mod kit;
mod order;
mod shutdown;
mod supervision;
