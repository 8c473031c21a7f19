//! Telegram, with OpenClaw's own plugin.

mod access;
mod buttons;
mod commands;
mod conflict;
mod draft;
mod edits;
mod files_in;
mod files_out;
mod formatting;
mod groups;
mod limits;
mod long_reply;
mod networks;
mod reactions;
mod restart;
mod scene;
mod slow_chat;
mod text;
mod topics;
mod webhook;
