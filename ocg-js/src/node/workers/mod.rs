//! `ocg:native/workers`: workers, and the ports that messages travel through.

mod port;
mod start;

use rquickjs::prelude::Func;
use rquickjs::{Array, Ctx, Object, Result, Value};

use crate::isolate::{Port, Seated};
use crate::node::native_module;
use port::{NativePort, message_to_js};

native_module!(WorkersModule(ctx) {
    seat => seat(ctx)?,
    start => Func::from(start::start),
    channel => Func::from(channel),
});

/// What a worker got from who started it: `{ id, entry, port, data }`; null in a first isolate.
fn seat<'js>(ctx: &Ctx<'js>) -> Result<Value<'js>> {
    let Some(seated) = ctx.userdata::<Seated>() else {
        return Ok(Value::new_null(ctx.clone()));
    };
    let seat = Object::new(ctx.clone())?;
    seat.set("id", seated.id())?;
    seat.set("entry", seated.entry())?;
    if let Some((port, data)) = seated.take() {
        seat.set("port", NativePort::instance(ctx, port)?)?;
        seat.set("data", message_to_js(ctx, data)?)?;
    }
    Ok(seat.into_value())
}

/// Two ports of one channel.
fn channel<'js>(ctx: Ctx<'js>) -> Result<Array<'js>> {
    let (one, other) = Port::pair();
    let ports = Array::new(ctx.clone())?;
    ports.set(0, NativePort::instance(&ctx, one)?)?;
    ports.set(1, NativePort::instance(&ctx, other)?)?;
    Ok(ports)
}
