//! The npm packages through which plugins use the network, unmodified, as a real plugin from the
//! registry that this machine uses brings them.
#![allow(clippy::unwrap_used)]

mod axios;
mod plugin;
mod ws;
