//! User stories, each told to the real `ocg` binary with the real plugins.
#![allow(clippy::unwrap_used)]

mod agent_examples;
mod agent_failures;
mod agent_streams;
mod background;
mod bad_inputs;
mod callbacks;
mod channel_setup;
mod china_plugins;
mod crash;
mod dingtalk;
#[cfg(target_os = "linux")]
mod disk;
mod every_command;
mod forwards;
mod from_nothing;
mod health;
mod http_routes;
mod isolates;
mod login;
mod long_reply;
mod media;
mod network;
mod original_readme;
mod pairing;
mod pixel;
mod poll_errors;
mod proxy;
mod qq;
mod quote;
mod redelivery;
mod reload;
mod restart;
mod sample;
mod scene;
mod send_errors;
mod session;
mod session_expiry;
mod setup_wizard;
mod shutdown;
mod side_by_side;
mod slash_command;
mod slow_chat;
mod telegram;
mod text;
mod typing;
