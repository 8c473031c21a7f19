//! The HTTP server beside the gateway: callbacks of agents that answer later, the send endpoint,
//! health, metrics, and the routes that channels serve.
//!
//! [`CallbackServer::bind`] listens, as [`ServerSettings`] say, and [`CallbackServer::serve`] answers
//! for one gateway until it is told to stop. What is asked and answered is in `docs/protocol.md`.
#![forbid(unsafe_code)]

mod answer;
mod app;
mod body;
mod callback;
mod health;
mod metrics;
mod peer;
mod plugin_routes;
mod router;
mod send;
mod sent_keys;
mod series;
mod server;
mod settings;
mod signed;

pub use server::{CallbackServer, ServerError};
pub use settings::{SendRules, ServerSettings};
