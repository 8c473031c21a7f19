//! One connection, read and written by poll on the isolate's thread.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use ocg_core::http::{ByteStream, Dialed};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Notify, OwnedSemaphorePermit};

use super::failure::NetFailure;
use super::tls::{Secured, TlsWish};

/// Bytes that one read gives at most, as in Node.
const CHUNK: usize = 64 << 10;

/// What a read found.
pub(crate) enum Read {
    Bytes(Vec<u8>),
    End,
    /// The connection was handed over to TLS while the read waited; it took nothing.
    HandedOver,
}

/// A connection and where it leads.
pub(crate) struct Connection {
    stream: RefCell<Option<Box<dyn ByteStream>>>,
    /// Ends what waits: closed, or handed over to TLS.
    interrupt: Notify,
    closed: Cell<bool>,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) local: Option<SocketAddr>,
    pub(crate) peer: Option<SocketAddr>,
    secured: RefCell<Option<Secured>>,
    /// The place among the connections of a listener.
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    pub(crate) fn new(
        dialed: Dialed,
        host: String,
        port: u16,
        place: Option<OwnedSemaphorePermit>,
    ) -> Self {
        Self {
            stream: RefCell::new(Some(dialed.stream)),
            interrupt: Notify::new(),
            closed: Cell::new(false),
            host,
            port,
            local: Some(dialed.local),
            peer: Some(dialed.peer),
            secured: RefCell::new(None),
            _place: place,
        }
    }

    pub(crate) async fn read(&self) -> Result<Read, NetFailure> {
        let read = poll_fn(|cx| {
            let mut stream = self.stream.borrow_mut();
            let Some(stream) = stream.as_mut() else { return Poll::Ready(Ok(Vec::new())) };
            // Lives only while it is filled: a connection that waits holds no buffer.
            let mut storage = [MaybeUninit::<u8>::uninit(); CHUNK];
            let mut buffer = ReadBuf::uninit(&mut storage);
            ready!(Pin::new(stream).poll_read(cx, &mut buffer))?;
            Poll::Ready(io::Result::Ok(buffer.filled().to_vec()))
        });
        tokio::select! {
            biased;
            () = self.interrupt.notified() => Ok(if self.closed.get() { Read::End } else { Read::HandedOver }),
            read = read => match read {
                Ok(bytes) if bytes.is_empty() => Ok(Read::End),
                Ok(bytes) => Ok(Read::Bytes(bytes)),
                // A peer that leaves without TLS's goodbye is common, and Node does not mind.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Read::End),
                Err(error) => Err(NetFailure::io("read", error)),
            }
        }
    }

    /// Writes what can be written at once; `None` is for the rest, to be passed to [`Self::write`].
    pub(crate) fn try_write(&self, pending: &mut Pending) -> Result<bool, NetFailure> {
        match self.poll_write(&mut Context::from_waker(Waker::noop()), pending) {
            Poll::Ready(result) => {
                result.map(|()| true).map_err(|error| NetFailure::io("write", error))
            }
            Poll::Pending => Ok(false),
        }
    }

    pub(crate) async fn write(&self, mut pending: Pending) -> Result<(), NetFailure> {
        let write = poll_fn(|cx| self.poll_write(cx, &mut pending));
        self.unless_closed("write", write).await
    }

    fn poll_write(&self, cx: &mut Context<'_>, pending: &mut Pending) -> Poll<io::Result<()>> {
        let mut stream = self.stream.borrow_mut();
        let Some(stream) = stream.as_mut() else {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        };
        while pending.written < pending.bytes.len() {
            let rest = &pending.bytes[pending.written..];
            match ready!(Pin::new(&mut *stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => pending.written += written,
            }
        }
        Pin::new(stream).poll_flush(cx)
    }

    /// Says that nothing more will be written.
    pub(crate) async fn shutdown(&self) -> Result<(), NetFailure> {
        let shutdown = poll_fn(|cx| match self.stream.borrow_mut().as_mut() {
            Some(stream) => Pin::new(stream).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        });
        match self.unless_closed("shutdown", shutdown).await {
            // The peer was faster.
            Err(NetFailure::Io { source, .. }) if source.kind() == io::ErrorKind::NotConnected => {
                Ok(())
            }
            result => result,
        }
    }

    /// Drops the connection; what waits for it ends.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        self.stream.borrow_mut().take();
        self.interrupt.notify_waiters();
    }

    /// Speaks TLS on the connection from here on.
    pub(crate) async fn secure(&self, wish: TlsWish) -> Result<(), NetFailure> {
        self.interrupt.notify_waiters();
        let Some(plain) = self.stream.borrow_mut().take() else { return Err(NetFailure::Closed) };
        let handshake = wish.handshake(plain);
        tokio::select! {
            biased;
            () = self.interrupt.notified() => Err(NetFailure::Closed),
            done = handshake => {
                let (stream, secured) = done?;
                *self.stream.borrow_mut() = Some(stream);
                *self.secured.borrow_mut() = Some(secured);
                Ok(())
            }
        }
    }

    /// Runs `look` on what the handshake agreed on.
    pub(crate) fn secured<T>(&self, look: impl FnOnce(&Secured) -> T) -> Option<T> {
        self.secured.borrow().as_ref().map(look)
    }

    async fn unless_closed<T>(
        &self,
        syscall: &'static str,
        work: impl Future<Output = io::Result<T>>,
    ) -> Result<T, NetFailure> {
        if self.closed.get() {
            return Err(NetFailure::Closed);
        }
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                () = self.interrupt.notified() => if self.closed.get() { return Err(NetFailure::Closed) },
                done = &mut work => return done.map_err(|error| NetFailure::io(syscall, error)),
            }
        }
    }
}

/// Bytes on their way out.
pub(crate) struct Pending {
    bytes: Vec<u8>,
    written: usize,
}

impl Pending {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, written: 0 }
    }
}
