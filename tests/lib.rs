//! Fake platforms, fake agents and a harness that runs the real `ocg` binary against them.
//!
//! Everything speaks real TCP on loopback. The fakes are strict: what the platform would refuse
//! they refuse, and note as a violation that tests assert the absence of. They misbehave only on
//! request.
#![allow(clippy::unwrap_used)]

pub mod agents;
pub mod harness;
pub mod http;
pub mod platforms;
mod watched;
pub mod websocket;

pub use watched::{PATIENCE, Watched};
