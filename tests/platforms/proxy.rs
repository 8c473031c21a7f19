//! A proxy on loopback (HTTP CONNECT and SOCKS5 on one port) that leads the platforms' public host
//! names to the fakes and refuses every other destination.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use crate::Watched;

/// A destination that a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tunnel {
    /// `host:port` as asked for.
    pub target: String,
    /// Whether it was let through.
    pub allowed: bool,
}

/// The running proxy; dropping it closes it and its tunnels.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    tunnels: Watched<Vec<Tunnel>>,
    _accepting: AbortOnDropHandle<()>,
}

impl Proxy {
    /// Starts a proxy that knows only `routes`: `host:port` to the address it leads to.
    pub async fn start(routes: impl IntoIterator<Item = (impl Into<String>, SocketAddr)>) -> Self {
        let routes: BTreeMap<String, SocketAddr> =
            routes.into_iter().map(|(target, address)| (target.into(), address)).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tunnels = Watched::default();
        let accepting = tokio::spawn(accept(listener, Arc::new(routes), tunnels.clone()));
        Self { address, tunnels, _accepting: AbortOnDropHandle::new(accepting) }
    }

    /// As an HTTP proxy.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// As a SOCKS5 proxy that resolves names itself.
    pub fn socks_url(&self) -> String {
        format!("socks5h://{}", self.address)
    }

    /// Every destination asked for so far.
    pub fn tunnels(&self) -> Vec<Tunnel> {
        self.tunnels.read(Clone::clone)
    }
}

async fn accept(
    listener: TcpListener,
    routes: Arc<BTreeMap<String, SocketAddr>>,
    tunnels: Watched<Vec<Tunnel>>,
) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((client, _)) = listener.accept().await else { return };
        while connections.try_join_next().is_some() {}
        let (routes, tunnels) = (routes.clone(), tunnels.clone());
        connections.spawn(async move {
            // An error is the client or the fake going away.
            let _ = tunnel(client, &routes, &tunnels).await;
        });
    }
}

const SOCKS5: u8 = 5;

async fn tunnel(
    mut client: TcpStream,
    routes: &BTreeMap<String, SocketAddr>,
    tunnels: &Watched<Vec<Tunnel>>,
) -> io::Result<()> {
    let mut first = [0];
    client.peek(&mut first).await?;
    let socks = first[0] == SOCKS5;
    let target =
        if socks { socks_target(&mut client).await? } else { connect_target(&mut client).await? };
    let route = routes.get(&target).copied();
    tunnels.change(|all| all.push(Tunnel { target, allowed: route.is_some() }));
    let (yes, no): (&[u8], &[u8]) = if socks {
        (&[SOCKS5, 0, 0, 1, 0, 0, 0, 0, 0, 0], &[SOCKS5, 2, 0, 1, 0, 0, 0, 0, 0, 0])
    } else {
        (
            b"HTTP/1.1 200 Connection established\r\n\r\n",
            b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        )
    };
    let Some(route) = route else { return client.write_all(no).await };
    let mut server = TcpStream::connect(route).await?;
    client.write_all(yes).await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Reads the head of an HTTP request; anything but CONNECT counts as its own request line, which no
/// route has.
async fn connect_target(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > 16 * 1024 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let line = head.lines().next().unwrap_or_default();
    let target = line.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
    Ok(target.unwrap_or(line).to_owned())
}

/// RFC 1928 without authentication.
async fn socks_target(client: &mut TcpStream) -> io::Result<String> {
    let mut greeting = [0; 2];
    client.read_exact(&mut greeting).await?;
    let mut methods = vec![0; greeting[1].into()];
    client.read_exact(&mut methods).await?;
    client.write_all(&[SOCKS5, 0]).await?;
    let mut request = [0; 4];
    client.read_exact(&mut request).await?;
    let host = match request[3] {
        1 => {
            let mut octets = [0; 4];
            client.read_exact(&mut octets).await?;
            std::net::Ipv4Addr::from(octets).to_string()
        }
        3 => {
            let mut name = vec![0; client.read_u8().await?.into()];
            client.read_exact(&mut name).await?;
            String::from_utf8_lossy(&name).into_owned()
        }
        _ => {
            let mut octets = [0; 16];
            client.read_exact(&mut octets).await?;
            std::net::Ipv6Addr::from(octets).to_string()
        }
    };
    Ok(format!("{host}:{}", client.read_u16().await?))
}
