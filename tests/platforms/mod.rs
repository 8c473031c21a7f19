//! Fake IM platforms, and the proxy through which plugins with fixed host names reach them.

pub mod authority;
pub mod npm_registry;
pub mod proxy;
pub mod wechat;
