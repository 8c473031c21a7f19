//! The plugin installer against a registry of ours, and once against the real one.

#![allow(clippy::unwrap_used)]

mod archive;
mod atomic;
mod bundle;
mod credentials;
mod errors;
mod outages;
mod package;
mod real;
mod registry;
mod release_age;
mod site;
mod store;
mod tree;
