//! Runs OpenClaw channel plugins inside QuickJS.

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
