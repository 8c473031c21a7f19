//! The fakes themselves: they serve what they demand, refuse the rest, and misbehave as asked.
#![allow(clippy::unwrap_used)]

mod agent;
mod dingtalk;
mod outside;
mod proxy;
mod qq;
mod telegram;
mod telegram_formatting;
mod telegram_updates;
mod wechat;
mod wechat_login;
mod wechat_media;
