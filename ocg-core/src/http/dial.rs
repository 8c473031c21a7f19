//! Connections that are not HTTP requests: straight to a host, or through the proxy that requests
//! to it would take.

use std::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use hyper::Uri;
use hyper_util::client::proxy::matcher::Intercept;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::{HttpError, HttpSettings, tunnel};

/// How long one address may keep the next one waiting (RFC 8305, "Connection Attempt Delay").
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Bytes in both directions.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

/// Which of the proxy settings counts for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyKind {
    /// The one of `http://` requests.
    Http,
    /// The one of `https://` requests, and of everything that is not HTTP.
    Https,
}

/// Says whether a connection to an address may be made.
pub type AddressCheck<'a> = &'a (dyn Fn(IpAddr) -> Result<(), Refusal> + Send + Sync);
/// Why it may not.
pub type Refusal = Box<dyn Error + Send + Sync>;

/// An open connection.
pub struct Dialed {
    /// The connection; through a proxy, its tunnel.
    pub stream: Box<dyn ByteStream>,
    /// Our own end.
    pub local: SocketAddr,
    /// The other end: the host, or the proxy.
    pub peer: SocketAddr,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The name leads to no address.
    #[error("{host} has no address: {source}")]
    NotFound {
        /// The name.
        host: String,
        /// What the resolver said.
        source: io::Error,
    },
    /// The check refused an address.
    #[error(transparent)]
    Refused(Refusal),
    /// Nobody answers; of several addresses, at the one that failed last.
    #[error("cannot connect to {address}: {source}")]
    Connect {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The proxy does not lead to the host.
    #[error(
        "the proxy {proxy} does not connect to {target}: {reason}; check \"proxy\" in ocg.json"
    )]
    Proxy {
        /// The proxy's host and port.
        proxy: String,
        /// `host:port` that was asked for.
        target: String,
        /// What it said, or what the connection to it said.
        reason: String,
    },
    /// The proxy settings or the certificates cannot be used.
    #[error(transparent)]
    Settings(#[from] HttpError),
}

impl HttpSettings {
    /// Opens a connection to a host, as requests to it would: straight, with every address that
    /// the name leads to checked first, or through a proxy, which resolves the name itself
    /// (except `socks5://`, where it is resolved and checked here).
    ///
    /// # Errors
    /// See [`DialError`].
    pub async fn dial(
        &self,
        kind: ProxyKind,
        host: &str,
        port: u16,
        check: AddressCheck<'_>,
    ) -> Result<Dialed, DialError> {
        match self.intercept(kind, host, port) {
            None => connect(&resolve(host, port, check).await?).await,
            Some(proxy) if proxy.uri().scheme_str() == Some("socks5") => {
                let addresses = resolve(host, port, check).await?;
                // `resolve` gives at least one.
                let address = addresses[0].ip().to_string();
                tunnel::open(self, &proxy, &address, port).await
            }
            Some(proxy) => tunnel::open(self, &proxy, host, port).await,
        }
    }

    /// Whether a proxy stands between us and a host.
    pub fn is_proxied(&self, kind: ProxyKind, host: &str, port: u16) -> bool {
        self.intercept(kind, host, port).is_some()
    }

    fn intercept(&self, kind: ProxyKind, host: &str, port: u16) -> Option<Intercept> {
        let scheme = match kind {
            ProxyKind::Http => "http",
            ProxyKind::Https => "https",
        };
        let uri: Uri = format!("{scheme}://{}", authority(host, port)).parse().ok()?;
        self.proxies.matcher().intercept(&uri)
    }
}

/// `host:port` as in a URL.
pub(super) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// All addresses of a host, none of them refused.
pub(super) async fn resolve(
    host: &str,
    port: u16,
    check: AddressCheck<'_>,
) -> Result<Vec<SocketAddr>, DialError> {
    let host = host.trim_matches(['[', ']']);
    let not_found = |source| DialError::NotFound { host: host.to_owned(), source };
    let found: Vec<SocketAddr> =
        tokio::net::lookup_host((host, port)).await.map_err(not_found)?.collect();
    for address in &found {
        check(address.ip()).map_err(DialError::Refused)?;
    }
    if found.is_empty() {
        return Err(not_found(io::ErrorKind::NotFound.into()));
    }
    Ok(found)
}

/// Connects to the first address that answers; each one gets a head start of [`ATTEMPT_DELAY`].
pub(super) async fn connect(addresses: &[SocketAddr]) -> Result<Dialed, DialError> {
    let mut waiting = addresses.iter();
    let mut attempts = FuturesUnordered::new();
    let mut failure = None;
    loop {
        if let Some(address) = waiting.next() {
            attempts.push(attempt(*address));
        }
        let more = waiting.len() > 0;
        tokio::select! {
            Some(result) = attempts.next() => match result {
                Ok(dialed) => return Ok(dialed),
                Err(error) => failure = Some(error),
            },
            () = tokio::time::sleep(ATTEMPT_DELAY), if more => {}
            else => {}
        }
        if attempts.is_empty() && !more {
            return Err(failure.unwrap_or_else(|| DialError::NotFound {
                host: String::new(),
                source: io::ErrorKind::NotFound.into(),
            }));
        }
    }
}

async fn attempt(address: SocketAddr) -> Result<Dialed, DialError> {
    let connect = async {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (local, peer) = (stream.local_addr()?, stream.peer_addr()?);
        Ok(Dialed { stream: Box::new(stream), local, peer })
    };
    connect.await.map_err(|source| DialError::Connect { address, source })
}
