//! Outgoing HTTP for the whole process: proxies and trusted certificates.

mod error;
mod proxy;
mod settings;
mod tls;

pub use error::HttpError;
pub use proxy::{InvalidProxy, ProxyRules, ProxyUrl};
pub use settings::HttpSettings;
pub use tls::CaFile;

#[cfg(test)]
mod tests;
