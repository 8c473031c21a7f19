//! The gateway as its users see it: a channel in front, an agent behind, time under control.
#![allow(clippy::unwrap_used, reason = "the lint's exception for tests does not reach their kit")]

mod admission;
mod callbacks;
mod delivery;
mod embedding;
mod history;
mod kit;
mod measures;
mod order;
mod sending;
mod shutdown;
mod supervision;
