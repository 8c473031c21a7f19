//! Runs OpenClaw channel plugins inside QuickJS.

pub mod install;
pub mod manifest;
pub mod permit;
