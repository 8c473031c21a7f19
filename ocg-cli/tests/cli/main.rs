//! The real binary, command by command: what it prints and how it exits.
#![allow(clippy::unwrap_used, reason = "clippy does not see that all of this is test code")]
#![allow(unreachable_pub, reason = "in a test, `pub` means: for the other modules")]

mod sandbox;

mod channels;
mod config;
mod demo;
mod help;
mod pairing;
mod plugins;
mod send;
mod start;
mod status;
mod stop;
mod test;
mod usage;
