//! HTTP for the whole process: proxies and trusted certificates of outgoing requests, and the
//! routes that channels serve.

mod error;
mod proxy;
pub mod routes;
mod settings;
pub mod signature;
mod tls;

pub use error::HttpError;
pub use proxy::{InvalidProxy, ProxyRules, ProxyUrl};
pub use settings::HttpSettings;
pub use tls::CaFile;

#[cfg(test)]
mod tests;
