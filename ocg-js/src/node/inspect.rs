//! `ocg:native/inspect`: what `util.inspect` and `util.types` cannot find out in JavaScript.

use rquickjs::function::Func;
use rquickjs::promise::PromiseState;
use rquickjs::{Array, Ctx, IntoJs, Promise, Result, Value};

use super::native_module;
use super::throw::errno_table;

native_module!(InspectModule(ctx) {
    promiseState => Func::from(promise_state),
    isProxy => Func::from(|value: Value<'_>| value.is_proxy()),
    isPromise => Func::from(|value: Value<'_>| value.is_promise()),
    isConstructor => Func::from(|value: Value<'_>| value.is_constructor()),
    errnoTable => errno_table(ctx)?,
});

/// `[state, value]`: 0 pending, 1 fulfilled, 2 rejected.
fn promise_state<'js>(ctx: Ctx<'js>, promise: Promise<'js>) -> Result<Array<'js>> {
    let state = Array::new(ctx.clone())?;
    let number = match promise.state() {
        PromiseState::Pending => 0,
        PromiseState::Resolved => 1,
        PromiseState::Rejected => 2,
    };
    state.set(0, number)?;
    match promise.result::<Value<'js>>() {
        Some(Ok(value)) => state.set(1, value)?,
        Some(Err(_)) => state.set(1, ctx.catch())?,
        None => state.set(1, rquickjs::Undefined.into_js(&ctx)?)?,
    }
    Ok(state)
}
