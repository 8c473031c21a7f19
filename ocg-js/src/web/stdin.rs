//! Input for `process.stdin`.

use rquickjs::{Ctx, TypedArray};

use crate::isolate::{Callbacks, caught, log_uncaught};

/// The hook that `node:process` exposes.
const DATA_HOOK: &str = "ocg:stdin.data";

/// Hands bytes to the plugin.
pub(crate) fn feed(ctx: &Ctx<'_>, bytes: Vec<u8>) {
    let Some(hook) = Callbacks::get(ctx, DATA_HOOK) else { return };
    let fed = TypedArray::<u8>::new_copy(ctx.clone(), bytes)
        .and_then(|bytes| hook.call::<_, ()>((bytes,)));
    if let Err(error) = fed {
        let exception = caught(ctx, error);
        log_uncaught(ctx, "uncaught error in a listener of process.stdin", &exception);
    }
}
