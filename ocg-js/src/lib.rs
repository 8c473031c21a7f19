//! Runs OpenClaw channel plugins inside QuickJS.
