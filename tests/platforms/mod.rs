//! Fake IM platforms, and the proxy through which plugins with fixed host names reach them.

pub mod api;
pub mod authority;
pub mod dingtalk;
pub mod npm_registry;
pub mod proxy;
pub mod qq;
pub mod telegram;
pub mod wechat;
