//! DingTalk, with the real plugin.

mod access;
mod callbacks;
mod card;
mod files_in;
mod files_out;
mod groups;
mod login;
mod long_reply;
mod proactive;
mod reconnect;
mod redelivery;
mod restart;
mod scene;
mod send_errors;
mod slow_chat;
mod text;
mod token;
