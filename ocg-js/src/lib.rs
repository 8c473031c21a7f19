//! Runs OpenClaw channel plugins inside QuickJS.

pub mod permit;
