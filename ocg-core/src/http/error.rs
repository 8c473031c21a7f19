//! What can be wrong with proxies and certificates.

use std::path::PathBuf;

/// An HTTP client that cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// A file of extra certificates cannot be read.
    #[error("cannot read the certificates in {} (named by {origin}): {source}; correct the path or remove it", path.display())]
    CaUnreadable {
        /// The file.
        path: PathBuf,
        /// The setting or the environment variable that names it.
        origin: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file of extra certificates has none that can be used.
    #[error("{} (named by {origin}) has no usable certificate: {reason}; it must be a PEM file with \"BEGIN CERTIFICATE\" blocks", path.display())]
    CaInvalid {
        /// The file.
        path: PathBuf,
        /// The setting or the environment variable that names it.
        origin: String,
        /// What is wrong with the content.
        reason: String,
    },
    /// The machine has no certificate store and none was configured.
    #[error(
        "cannot load trusted certificates: {0}; install the system's CA certificates (package ca-certificates) or name a PEM file in \"extraCaCerts\""
    )]
    NoRoots(#[source] rustls::Error),
    /// TLS cannot be set up at all.
    #[error("cannot set up TLS: {0}")]
    Tls(#[source] rustls::Error),
    /// The client refuses a setting.
    #[error("cannot set up the HTTP client: {0}")]
    Client(#[source] reqwest::Error),
}
