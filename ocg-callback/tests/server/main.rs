//! The server over real HTTP, with a gateway of a native channel behind it.
#![allow(clippy::unwrap_used, reason = "the lint's exception for tests does not reach their kit")]

mod callback;
mod health;
mod kit;
mod limits;
mod metrics;
mod routes;
mod send;
