//! Sockets that listen.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use ocg_core::http::Dialed;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};

use super::connection::Connection;
use super::failure::NetFailure;
use crate::permit::NetworkPermit;

/// Connections that one listener serves at a time; more wait in the system's queue.
const CONNECTIONS: usize = 512;

/// A listening socket.
pub(crate) struct Listener {
    socket: RefCell<Option<Rc<TcpListener>>>,
    closed: Notify,
    places: Arc<Semaphore>,
    pub(crate) address: SocketAddr,
}

impl Listener {
    pub(crate) async fn bind(
        permit: &NetworkPermit,
        host: &str,
        port: u16,
    ) -> Result<Self, NetFailure> {
        permit.check_listen(host, port)?;
        let failed =
            |source| NetFailure::Io { syscall: "listen", source, address: address_of(host, port) };
        let socket = TcpListener::bind((host, port)).await.map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        let socket = RefCell::new(Some(Rc::new(socket)));
        Ok(Self {
            socket,
            closed: Notify::new(),
            places: Arc::new(Semaphore::new(CONNECTIONS)),
            address,
        })
    }

    /// The next connection, or `None` when the listener was closed.
    pub(crate) async fn accept(&self) -> Result<Option<Connection>, NetFailure> {
        let Some(socket) = self.socket.borrow().clone() else { return Ok(None) };
        let next = async {
            let place = Arc::clone(&self.places).acquire_owned().await.ok();
            let (stream, peer) = socket.accept().await?;
            stream.set_nodelay(true)?;
            let local = stream.local_addr()?;
            let dialed = Dialed { stream: Box::new(stream), local, peer };
            Ok(Connection::new(dialed, peer.ip().to_string(), peer.port(), place))
        };
        tokio::select! {
            biased;
            () = self.closed.notified() => Ok(None),
            next = next => next.map(Some).map_err(|source| NetFailure::io("accept", source)),
        }
    }

    pub(crate) fn close(&self) {
        self.socket.borrow_mut().take();
        self.closed.notify_waiters();
    }
}

fn address_of(host: &str, port: u16) -> Option<SocketAddr> {
    host.parse().ok().map(|ip| SocketAddr::new(ip, port))
}
