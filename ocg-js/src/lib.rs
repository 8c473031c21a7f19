//! Runs OpenClaw channel plugins inside QuickJS.

pub mod install;
pub mod manifest;
mod node;
pub mod permit;
