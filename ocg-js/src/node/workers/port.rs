//! A port as JavaScript sees it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rquickjs::class::Trace;
use rquickjs::{
    Array, ArrayBuffer, Class, Ctx, Exception, JsLifetime, Object, Promise, Result, Value,
};
use tokio::sync::{Notify, mpsc};

use crate::isolate::{Message, Port};
use crate::node::arguments::{Octets, Text};

/// One end of a channel of messages.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(rename = "Port")]
pub(crate) struct NativePort {
    #[qjs(skip_trace)]
    inner: Rc<Ends>,
}

struct Ends {
    to: RefCell<Option<mpsc::Sender<Message>>>,
    from: RefCell<Option<mpsc::Receiver<Message>>>,
    closed: Cell<bool>,
    closing: Notify,
}

impl NativePort {
    pub(super) fn instance<'js>(ctx: &Ctx<'js>, port: Port) -> Result<Class<'js, Self>> {
        let Port { to, from } = port;
        let inner = Rc::new(Ends {
            to: RefCell::new(Some(to)),
            from: RefCell::new(Some(from)),
            closed: Cell::default(),
            closing: Notify::new(),
        });
        Class::instance(ctx.clone(), Self { inner })
    }

    /// Takes the ends out, to move them elsewhere; `None` while somebody receives.
    fn detach(&self) -> Option<Port> {
        let from = self.inner.from.borrow_mut().take()?;
        let to = self.inner.to.borrow_mut().take()?;
        self.inner.closed.set(true);
        Some(Port { to, from })
    }
}

#[rquickjs::methods]
impl NativePort {
    /// The next message; undefined when one of the sides has closed the channel.
    fn receive<'js>(&self, ctx: Ctx<'js>) -> Result<Promise<'js>> {
        let (ends, inner) = (Rc::clone(&self.inner), ctx.clone());
        Promise::wrap_future(&ctx, async move {
            let taken = ends.from.borrow_mut().take();
            let message = match taken {
                Some(mut from) if !ends.closed.get() => {
                    let message = tokio::select! {
                        message = from.recv() => message,
                        () = ends.closing.notified() => None,
                    };
                    *ends.from.borrow_mut() = Some(from);
                    message
                }
                _ => None,
            };
            match message {
                Some(message) => message_to_js(&inner, message),
                None => Ok(Value::new_undefined(inner)),
            }
        })
    }

    /// A message that is there already; undefined if there is none.
    #[qjs(rename = "tryReceive")]
    fn try_receive<'js>(&self, ctx: Ctx<'js>) -> Result<Value<'js>> {
        let message = self.inner.from.borrow_mut().as_mut().and_then(|from| from.try_recv().ok());
        match message {
            Some(message) => message_to_js(&ctx, message),
            None => Ok(Value::new_undefined(ctx)),
        }
    }

    /// Sends a message. After the end of the channel nothing happens, as in Node.
    fn post<'js>(
        &self,
        ctx: Ctx<'js>,
        text: Text,
        buffers: Vec<Octets>,
        ports: Vec<Class<'js, Self>>,
    ) -> Result<()> {
        let message = message_of(&ctx, text, buffers, ports)?;
        let to = self.inner.to.borrow();
        let Some(to) = to.as_ref() else { return Ok(()) };
        match to.try_send(message) {
            Err(mpsc::error::TrySendError::Full(_)) => Err(Exception::throw_message(
                &ctx,
                "the other side does not take its messages: too many wait already",
            )),
            _ => Ok(()),
        }
    }

    /// Ends the channel for both sides.
    fn close(&self) {
        self.inner.closed.set(true);
        self.inner.to.borrow_mut().take();
        self.inner.closing.notify_one();
    }
}

/// A message of JavaScript's parts.
pub(super) fn message_of<'js>(
    ctx: &Ctx<'js>,
    text: Text,
    buffers: Vec<Octets>,
    ports: Vec<Class<'js, NativePort>>,
) -> Result<Message> {
    let mut moved = Vec::new();
    for port in ports {
        let port = port.borrow().detach();
        moved.push(port.ok_or_else(|| {
            Exception::throw_message(ctx, "a port that is listened to cannot be moved")
        })?);
    }
    let buffers = buffers.into_iter().map(|buffer| buffer.0).collect();
    Ok(Message { text: text.0, buffers, ports: moved })
}

/// `{ text, buffers, ports }`.
pub(super) fn message_to_js<'js>(ctx: &Ctx<'js>, message: Message) -> Result<Value<'js>> {
    let Message { text, buffers, ports } = message;
    let object = Object::new(ctx.clone())?;
    object.set("text", text)?;
    let list = Array::new(ctx.clone())?;
    for (index, buffer) in buffers.into_iter().enumerate() {
        list.set(index, ArrayBuffer::new(ctx.clone(), buffer)?)?;
    }
    object.set("buffers", list)?;
    let list = Array::new(ctx.clone())?;
    for (index, port) in ports.into_iter().enumerate() {
        list.set(index, NativePort::instance(ctx, port)?)?;
    }
    object.set("ports", list)?;
    Ok(object.into_value())
}
