//! What JavaScript sees of connections and listeners.

use std::rc::Rc;

use ocg_core::http::ProxyKind;
use rquickjs::class::Trace;
use rquickjs::convert::List;
use rquickjs::prelude::{Func, Opt};
use rquickjs::{Class, Ctx, JsLifetime, Object, Promise, Result, TypedArray, Value};

use super::connection::{Connection, Pending, Read};
use super::failure::NetFailure;
use super::listener::Listener;
use super::tls::{TlsOptions, TlsWish};
use crate::node::arguments::{Octets, Text};
use crate::node::throw::Blob;
use crate::node::{native_module, permits};
use crate::web::http_settings;

native_module!(NetModule(_ctx) {
    connect => Func::from(connect),
    listen => Func::from(listen),
    isProxied => Func::from(is_proxied),
});

/// ALPN protocol, TLS version and cipher suite.
type Agreed = (Option<String>, Option<&'static str>, Option<String>);

/// A connection. When it is collected, it is dropped.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(rename = "Connection")]
pub(crate) struct NativeConnection {
    #[qjs(skip_trace)]
    inner: Rc<Connection>,
}

#[rquickjs::methods]
impl NativeConnection {
    /// The next bytes; undefined at the end, null if TLS took the connection over meanwhile.
    fn read<'js>(&self, ctx: Ctx<'js>) -> Result<Promise<'js>> {
        let (connection, inner) = (Rc::clone(&self.inner), ctx.clone());
        Promise::wrap_future(&ctx, async move {
            match connection.read().await {
                Ok(Read::Bytes(bytes)) => {
                    TypedArray::<u8>::new_copy(inner, bytes).map(TypedArray::into_value)
                }
                Ok(Read::End) => Ok(Value::new_undefined(inner)),
                Ok(Read::HandedOver) => Ok(Value::new_null(inner)),
                Err(failure) => Err(failure.throw(&inner)),
            }
        })
    }

    /// Undefined if all was written at once, otherwise a promise.
    fn write<'js>(&self, ctx: Ctx<'js>, bytes: Octets) -> Result<Option<Promise<'js>>> {
        let mut pending = Pending::new(bytes.0);
        if self.inner.try_write(&mut pending).map_err(|failure| failure.throw(&ctx))? {
            return Ok(None);
        }
        let connection = Rc::clone(&self.inner);
        settle(&ctx, async move { connection.write(pending).await }).map(Some)
    }

    /// Ends the writing side.
    fn shutdown<'js>(&self, ctx: Ctx<'js>) -> Result<Promise<'js>> {
        let connection = Rc::clone(&self.inner);
        settle(&ctx, async move { connection.shutdown().await })
    }

    /// Speaks TLS from here on: `{ servername, alpn, ca, rejectUnauthorized }`.
    fn secure<'js>(&self, ctx: Ctx<'js>, options: Object<'js>) -> Result<Promise<'js>> {
        let trusting: Option<bool> = options.get("rejectUnauthorized")?;
        let options = TlsOptions {
            server_name: options.get::<_, Text>("servername")?.0,
            alpn: options.get::<_, Option<Vec<String>>>("alpn")?.unwrap_or_default(),
            ca: options.get("ca")?,
            skip_verification: trusting == Some(false)
                && permits(&ctx)?.network.is_granted(&self.inner.host, self.inner.port),
        };
        let wish = TlsWish::new(&http_settings(&ctx)?, &options);
        let wish = wish.map_err(|failure| failure.throw(&ctx))?;
        let connection = Rc::clone(&self.inner);
        settle(&ctx, async move { connection.secure(wish).await })
    }

    /// Drops the connection at once.
    fn close(&self) {
        self.inner.close();
    }

    /// `[address, port]` of our own end.
    #[qjs(get)]
    fn local(&self) -> Option<List<(String, u16)>> {
        self.inner.local.map(|address| List((address.ip().to_string(), address.port())))
    }

    /// `[address, port]` of the other end.
    #[qjs(get)]
    fn peer(&self) -> Option<List<(String, u16)>> {
        self.inner.peer.map(|address| List((address.ip().to_string(), address.port())))
    }

    /// `[alpn, protocol, cipher]` that TLS agreed on.
    #[qjs(get)]
    fn agreed(&self) -> Option<List<Agreed>> {
        self.inner.secured(|tls| List((tls.alpn.clone(), tls.protocol, tls.cipher.clone())))
    }

    /// The peer's certificate as DER.
    #[qjs(get, rename = "peerCertificate")]
    fn peer_certificate(&self) -> Option<Blob> {
        self.inner.secured(|tls| tls.peer_certificate.clone()).flatten().map(Blob)
    }
}

/// A listening socket.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(rename = "Listener")]
pub(crate) struct NativeListener {
    #[qjs(skip_trace)]
    inner: Rc<Listener>,
}

#[rquickjs::methods]
impl NativeListener {
    /// The next connection; undefined when the listener was closed.
    fn accept<'js>(&self, ctx: Ctx<'js>) -> Result<Promise<'js>> {
        let (listener, inner) = (Rc::clone(&self.inner), ctx.clone());
        Promise::wrap_future(&ctx, async move {
            match listener.accept().await {
                Ok(Some(connection)) => class(&inner, connection).map(Class::into_value),
                Ok(None) => Ok(Value::new_undefined(inner)),
                Err(failure) => Err(failure.throw(&inner)),
            }
        })
    }

    /// Stops listening; connections stay.
    fn close(&self) {
        self.inner.close();
    }

    /// `[address, port]` that it listens on.
    #[qjs(get)]
    fn local(&self) -> List<(String, u16)> {
        List((self.inner.address.ip().to_string(), self.inner.address.port()))
    }
}

/// Connects to a host that the plugin may reach. `proxy` is `"http"` where the proxy of `http://`
/// requests counts.
fn connect<'js>(ctx: Ctx<'js>, host: Text, port: u16, proxy: Opt<String>) -> Result<Promise<'js>> {
    let settings = http_settings(&ctx)?;
    let permits = permits(&ctx)?;
    let inner = ctx.clone();
    Promise::wrap_future(&ctx, async move {
        let open = async {
            permits.network.check_host(&host.0, port)?;
            let check =
                |address| permits.network.check_addr(address, port, &host.0).map_err(Into::into);
            let dialed = settings.dial(kind(proxy.0), &host.0, port, &check).await?;
            Ok(Connection::new(dialed, host.0.clone(), port, None))
        };
        let connection = open.await.map_err(|failure: NetFailure| failure.throw(&inner))?;
        class(&inner, connection)
    })
}

/// Whether connections to a host go through a proxy, which then resolves its name.
fn is_proxied(ctx: Ctx<'_>, host: Text, port: u16, proxy: Opt<String>) -> Result<bool> {
    Ok(http_settings(&ctx)?.is_proxied(kind(proxy.0), &host.0, port))
}

fn listen<'js>(ctx: Ctx<'js>, host: Text, port: u16) -> Result<Promise<'js>> {
    let permits = permits(&ctx)?;
    let inner = ctx.clone();
    Promise::wrap_future(&ctx, async move {
        let listener = Listener::bind(&permits.network, &host.0, port).await;
        let listener = listener.map_err(|failure| failure.throw(&inner))?;
        Class::instance(inner, NativeListener { inner: Rc::new(listener) })
    })
}

fn kind(proxy: Option<String>) -> ProxyKind {
    if proxy.as_deref() == Some("http") { ProxyKind::Http } else { ProxyKind::Https }
}

fn class<'js>(ctx: &Ctx<'js>, connection: Connection) -> Result<Class<'js, NativeConnection>> {
    Class::instance(ctx.clone(), NativeConnection { inner: Rc::new(connection) })
}

fn settle<'js>(
    ctx: &Ctx<'js>,
    work: impl Future<Output = std::result::Result<(), NetFailure>> + 'js,
) -> Result<Promise<'js>> {
    let inner = ctx.clone();
    Promise::wrap_future(ctx, async move { work.await.map_err(|failure| failure.throw(&inner)) })
}
