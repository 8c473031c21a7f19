//! `ocg:native/net`: sockets under the network permit, plain and TLS, and listeners.

mod connection;
mod failure;
mod listener;
mod native;
mod tls;

pub(crate) use native::NetModule;
