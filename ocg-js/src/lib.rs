//! Runs OpenClaw channel plugins inside QuickJS.

pub mod install;
pub mod isolate;
pub mod loader;
pub mod manifest;
mod node;
pub mod permit;
#[cfg(test)]
mod testing;
mod web;
