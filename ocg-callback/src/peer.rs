//! Who sends a request.

use std::net::SocketAddr;

use axum::http::HeaderMap;

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Peer {
    /// Whether the request was made on this machine, and not only passed on by a proxy here.
    pub(crate) fn is_local(self, headers: &HeaderMap) -> bool {
        let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip"];
        self.0.ip().to_canonical().is_loopback()
            && passed_on.iter().all(|name| !headers.contains_key(*name))
    }
}
