//! The real binary, command by command: what it prints and how it exits.
#![allow(clippy::expect_used, clippy::unwrap_used)]

mod sandbox;

mod channels;
mod config;
mod demo;
mod pairing;
mod plugins;
mod send;
mod start;
mod status;
mod test;
mod usage;
