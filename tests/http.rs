//! The HTTP/1.1 server under every fake: plain or TLS, and able to hang up without an answer.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::Stream;
use futures::future::BoxFuture;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::AbortOnDropHandle;

/// What a fake answers.
pub type Reply = Response<BoxBody<Bytes, io::Error>>;

/// Ends the connection without a (further) byte.
#[derive(Debug, Clone, Copy)]
pub struct HangUp;

/// Something that answers HTTP requests.
pub trait App: Send + Sync + 'static {
    /// Answers one request, or hangs up.
    fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> impl Future<Output = Result<Reply, HangUp>> + Send;
}

/// A listening server; dropping it closes its port and all its connections.
pub struct Server {
    address: SocketAddr,
    serve: Box<dyn Fn(TcpListener) -> AbortOnDropHandle<()> + Send + Sync>,
    door: Door,
}

#[derive(Debug)]
enum Door {
    Open(AbortOnDropHandle<()>),
    /// The port is kept, but nobody listens: connections are refused.
    Shut(Option<TcpSocket>),
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Listens on a free loopback port.
    pub async fn start<A: App>(app: Arc<A>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serve = Box::new(move |listener| {
            AbortOnDropHandle::new(tokio::spawn(accept(listener, app.clone(), tls.clone())))
        });
        Self { address, door: Door::Open(serve(listener)), serve }
    }

    /// Closes all connections and refuses new ones, until [`Self::comes_back`].
    pub async fn goes_away(&mut self) {
        if let Door::Open(accepting) = &mut self.door {
            accepting.abort();
            let _ = accepting.await;
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_reuseaddr(true).unwrap();
            socket.bind(self.address).unwrap();
            self.door = Door::Shut(Some(socket));
        }
    }

    /// Listens again.
    pub fn comes_back(&mut self) {
        if let Door::Shut(socket) = &mut self.door
            && let Some(socket) = socket.take()
        {
            self.door = Door::Open((self.serve)(socket.listen(1024).unwrap()));
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn accept<A: App>(listener: TcpListener, app: Arc<A>, tls: Option<TlsAcceptor>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        stream.set_nodelay(true).unwrap();
        while connections.try_join_next().is_some() {}
        let app = app.clone();
        match tls.clone() {
            None => connections.spawn(connection(stream, app)),
            Some(tls) => connections.spawn(async move {
                if let Ok(stream) = tls.accept(stream).await {
                    connection(stream, app).await;
                }
            }),
        };
    }
}

async fn connection<A: App>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    app: Arc<A>,
) {
    let takeover = Takeover::default();
    let slot = takeover.clone();
    let service = service_fn(move |request| {
        let (app, slot) = (app.clone(), slot.clone());
        async move {
            let mut reply =
                app.answer(request).await.map_err(|HangUp| io::Error::other("hung up"))?;
            if let Some(takeover) = reply.extensions_mut().remove::<Takeover>() {
                slot.put(takeover.take());
            }
            Ok::<_, io::Error>(reply)
        }
    });
    // An error here is the peer going away, or us hanging up on purpose.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
    if let Some(rest) = takeover.take() {
        rest.await;
    }
}

/// What happens on a connection after its last HTTP answer; it ends with the connection's task.
#[derive(Clone, Default)]
struct Takeover(Arc<Mutex<Option<BoxFuture<'static, ()>>>>);

impl Takeover {
    fn put(&self, rest: Option<BoxFuture<'static, ()>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = rest;
    }

    fn take(&self) -> Option<BoxFuture<'static, ()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// An answer after which the connection speaks another protocol, for as long as `rest` runs.
pub fn switch(mut reply: Reply, rest: impl Future<Output = ()> + Send + 'static) -> Reply {
    let takeover = Takeover::default();
    takeover.put(Some(Box::pin(rest)));
    reply.extensions_mut().insert(takeover);
    reply
}

/// A whole body.
pub fn reply(status: u16, content_type: &str, body: impl Into<Bytes>) -> Reply {
    let body = Full::new(body.into()).map_err(|never: Infallible| match never {});
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content_type)
        .body(BoxBody::new(body))
        .unwrap()
}

/// A JSON body.
pub fn json(status: u16, body: &Value) -> Reply {
    reply(status, "application/json", body.to_string())
}

/// A body that is sent piece by piece; an error item hangs up.
pub fn stream(
    status: u16,
    pieces: impl Stream<Item = Result<Bytes, io::Error>> + Send + Sync + 'static,
) -> Reply {
    let frames = futures::StreamExt::map(pieces, |piece| piece.map(Frame::data));
    Response::builder().status(status).body(BoxBody::new(StreamBody::new(frames))).unwrap()
}
