//! Listening, and the life of connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ocg_core::gateway::GatewayHandle;
use ocg_core::http::routes::Routes;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::peer::Peer;
use crate::router::router;
use crate::settings::ServerSettings;

/// How long requests in progress may take when the server stops; the gateway has ended by then.
const GRACE: Duration = Duration::from_secs(3);
/// Pause after an accept that failed, for lack of file handles for example.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A server that cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Another program has the port.
    #[error(
        "port {port} on {host} is in use by another program; stop that, or set \"callbackPort\""
    )]
    InUse {
        /// Host.
        host: String,
        /// Port.
        port: u16,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {host}:{port}; correct \"callbackHost\" or \"callbackPort\"")]
    Listen {
        /// Host.
        host: String,
        /// Port.
        port: u16,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The server, listening and not serving yet.
pub struct CallbackServer {
    listener: TcpListener,
    address: SocketAddr,
    settings: ServerSettings,
    refusals: watch::Sender<Option<&'static str>>,
}

impl CallbackServer {
    /// Listens. Connections wait until [`Self::serve`] is called.
    ///
    /// # Errors
    /// The address is taken, or none.
    pub async fn bind(settings: ServerSettings) -> Result<Self, ServerError> {
        let (host, port) = (settings.host.clone(), settings.port);
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => ServerError::InUse { host: host.clone(), port },
            _ => ServerError::Listen { host: host.clone(), port, source },
        };
        let listener = TcpListener::bind((name, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address, settings, refusals: watch::Sender::default() })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The code of the last callback that was refused, for whoever waits for one.
    pub fn refusals(&self) -> watch::Receiver<Option<&'static str>> {
        self.refusals.subscribe()
    }

    /// Serves until `stop` is cancelled; then requests in progress are finished. Every task has
    /// ended when this returns.
    pub async fn serve(self, gateway: GatewayHandle, routes: Routes, stop: CancellationToken) {
        let room = Arc::new(Semaphore::new(self.settings.max_connections));
        let read_timeout = self.settings.read_timeout;
        let app = Arc::new(App::new(gateway, routes, self.settings, self.refusals));
        let router = router(Arc::clone(&app));
        let connections = TaskTracker::new();
        let cut = CancellationToken::new();
        let accept = async {
            loop {
                let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
                match self.listener.accept().await {
                    Ok((socket, peer)) => {
                        let router = router.clone().layer(Extension(Peer(peer)));
                        let connection = connection(socket, router, read_timeout, stop.clone());
                        let connection = cut.clone().run_until_cancelled_owned(async move {
                            connection.await;
                            drop(place);
                        });
                        connections.spawn(connection);
                    }
                    Err(error) => {
                        tracing::warn!(target: "ocg::callback", %error, "a connection could not be accepted");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        };
        stop.run_until_cancelled(accept).await;
        drop(self.listener);
        connections.close();
        if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
            cut.cancel();
            connections.wait().await;
        }
        // Bounded by `sendTimeoutMs`.
        app.work.close();
        app.work.wait().await;
    }
}

async fn connection(
    socket: TcpStream,
    router: axum::Router,
    read_timeout: Duration,
    stop: CancellationToken,
) {
    let _ = socket.set_nodelay(true);
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(read_timeout).max_buf_size(64 * 1024);
    let connection = http.serve_connection(TokioIo::new(socket), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(target: "ocg::callback", %error, "a connection ended badly");
    }
}
