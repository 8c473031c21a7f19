//! Runs OpenClaw channel plugins inside QuickJS.
//!
//! [`install`] brings a plugin from the npm registry, [`manifest`] says what it offers, and [`check`]
//! what it needs. [`plugin::PluginHost`] gives it an [`isolate`] (a thread with an engine of its own),
//! in which the [`loader`] finds its modules, the SDK and Node's API ([`node_api`] lists how much of
//! it there is), and [`permit`] decides what it may reach. [`plugin::PluginChannel`] is the result: an
//! [`ocg_core::channel::Channel`] like one that is written in Rust.

pub mod check;
pub mod install;
pub mod isolate;
pub mod loader;
pub mod manifest;
mod node;
pub mod node_api;
pub mod permit;
pub mod plugin;
#[cfg(test)]
mod testing;
mod web;
