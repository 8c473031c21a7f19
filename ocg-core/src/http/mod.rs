//! HTTP for the whole process: proxies and trusted certificates of outgoing requests, and the
//! routes that channels serve.

mod dial;
mod error;
mod proxy;
pub mod routes;
mod settings;
pub mod signature;
mod tls;
mod tunnel;

pub use dial::{AddressCheck, ByteStream, DialError, Dialed, ProxyKind, Refusal};
pub use error::HttpError;
pub use proxy::{InvalidProxy, ProxyRules, ProxyUrl};
pub use settings::HttpSettings;
pub use tls::CaFile;

#[cfg(test)]
mod tests;
