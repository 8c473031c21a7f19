//! The fakes themselves: they serve what they demand, refuse the rest, and misbehave as asked.
#![allow(clippy::unwrap_used)]

mod agent;
mod dingtalk;
mod outside;
mod proxy;
mod qq;
mod wechat;
mod wechat_login;
mod wechat_media;
