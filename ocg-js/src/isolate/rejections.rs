//! Promises that were rejected and that nobody looked at.

use std::cell::RefCell;

use rquickjs::{Ctx, JsLifetime, Value};

use super::exception::describe;
use super::log_uncaught;

/// Rejected promises without a handler, until the current jobs are through: a handler that is
/// attached in the same turn of the event loop is early enough.
#[derive(Default, JsLifetime)]
pub(crate) struct Rejections<'js> {
    waiting: RefCell<Vec<Rejected<'js>>>,
}

#[derive(JsLifetime)]
struct Rejected<'js> {
    promise: Value<'js>,
    reason: Value<'js>,
}

impl<'js> Rejections<'js> {
    /// The engine's report that a promise was rejected, or got its first handler afterwards.
    pub(crate) fn track(ctx: &Ctx<'js>, promise: Value<'js>, reason: Value<'js>, handled: bool) {
        let Some(rejections) = ctx.userdata::<Self>() else { return };
        let mut waiting = rejections.waiting.borrow_mut();
        if handled {
            waiting.retain(|known| known.promise != promise);
            return;
        }
        waiting.push(Rejected { promise, reason });
        if waiting.len() == 1 {
            let ctx = ctx.clone();
            ctx.clone().spawn(async move {
                tokio::task::yield_now().await;
                Self::report(&ctx);
            });
        }
    }

    fn report(ctx: &Ctx<'js>) {
        let Some(rejections) = ctx.userdata::<Self>() else { return };
        let unhandled = std::mem::take(&mut *rejections.waiting.borrow_mut());
        for Rejected { reason, .. } in unhandled {
            log_uncaught(ctx, "unhandled promise rejection", &describe(ctx, &reason));
        }
    }
}
