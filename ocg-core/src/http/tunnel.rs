//! Tunnels through proxies: HTTP CONNECT (RFC 9110, 9.3.6) and SOCKS5 (RFC 1928).

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use hyper::Uri;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::Intercept;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::HttpSettings;
use super::dial::{ByteStream, DialError, Dialed, authority, connect, resolve};

type Io = TokioIo<Box<dyn ByteStream>>;

/// Connects to `host` through `proxy`.
pub(super) async fn open(
    settings: &HttpSettings,
    proxy: &Intercept,
    host: &str,
    port: u16,
) -> Result<Dialed, DialError> {
    let uri = proxy.uri();
    let scheme = uri.scheme_str().unwrap_or("http");
    let name = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let at = uri.port_u16().unwrap_or(match scheme {
        "http" => 80,
        "https" => 443,
        _ => 1080,
    });
    let target = authority(host, port);
    let failed = |reason: &dyn ToString| DialError::Proxy {
        proxy: authority(name, at),
        target: target.clone(),
        reason: reason.to_string(),
    };
    // The operator chose the proxy; no check applies to it.
    let addresses = resolve(name, at, &|_| Ok(())).await.map_err(|error| failed(&error))?;
    let Dialed { mut stream, local, peer } =
        connect(&addresses).await.map_err(|error| failed(&error))?;
    if scheme == "https" {
        let tls = TlsConnector::from(settings.tls_config()?);
        let name = ServerName::try_from(name.to_owned()).map_err(|error| failed(&error))?;
        stream = Box::new(tls.connect(name, stream).await.map_err(|error| failed(&error))?);
    }
    let connected = Connected(Some(TokioIo::new(stream)));
    let destination: Uri = format!("https://{target}")
        .parse()
        .map_err(|error: hyper::http::uri::InvalidUri| failed(&error))?;
    let tunnel = if scheme.starts_with("socks5") {
        let mut socks = SocksV5::new(uri.clone(), connected);
        if let Some((user, password)) = proxy.raw_auth() {
            socks = socks.with_auth(user.to_owned(), password.to_owned());
        }
        socks.call(destination).await.map_err(|error| failed(&error))?
    } else {
        let mut tunnel = Tunnel::new(uri.clone(), connected);
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        tunnel.call(destination).await.map_err(|error| failed(&error))?
    };
    Ok(Dialed { stream: tunnel.into_inner(), local, peer })
}

/// A connector whose connection exists already.
struct Connected(Option<Io>);

impl Service<Uri> for Connected {
    type Response = Io;
    type Error = Infallible;
    type Future = Ready<Result<Io, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(Ok(self.0.take().expect("a tunnel connects once")))
    }
}
