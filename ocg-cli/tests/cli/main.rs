//! The real binary, command by command: what it prints and how it exits.
#![allow(unreachable_pub, reason = "in a test, `pub` means: for the other modules")]

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
