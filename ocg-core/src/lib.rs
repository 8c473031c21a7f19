//! The gateway itself: channels in front, an agent behind, and everything between.
//!
//! A message travels `Channel` → [`gateway`] → [`dispatch`] → [`deliver`] → back into the channel.
//! The crate knows nothing of plugins, of HTTP servers or of terminals: other crates implement
//! [`channel::Channel`] and [`dispatch::Dispatcher`] and hand them to the gateway.
//!
//! [`gateway::Gateway::builder`] is where a program that embeds the gateway starts; `docs/embedding.md`
//! and `cargo run -p ocg-core --example embed` show how.
#![forbid(unsafe_code)]

pub mod admit;
pub mod channel;
pub mod config;
pub mod deliver;
pub mod dispatch;
pub mod error;
pub mod gateway;
pub mod http;
pub mod message;
pub mod reply;
pub mod session;
pub mod store;
