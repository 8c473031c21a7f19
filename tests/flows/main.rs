//! User stories, each told to the real `ocg` binary with the real WeChat plugin.
#![allow(clippy::unwrap_used)]

mod agent_failures;
mod agent_streams;
mod background;
mod bad_inputs;
mod isolates;
mod login;
mod long_reply;
mod media;
mod poll_errors;
mod proxy;
mod quote;
mod redelivery;
mod restart;
mod sample;
mod scene;
mod send_errors;
mod session_expiry;
mod setup_wizard;
mod shutdown;
mod slash_command;
mod slow_chat;
mod text;
mod typing;
