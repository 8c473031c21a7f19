//! `ocg:native/timers`: one task and one heap for all timers of an isolate.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::time::Duration;

use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::prelude::Func;
use rquickjs::{Ctx, Function, JsLifetime, Result};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::isolate::{Callbacks, Realm, caught, log_uncaught};

/// The hook that runs the timer with a number, if it was not cleared meanwhile.
const FIRE_HOOK: &str = "ocg:timers.fire";
/// As in Node: longer delays do not fit and become 1 ms.
const MAX_DELAY_MS: f64 = 2_147_483_647.0;

/// `schedule(id, milliseconds)`, `immediate(id)`, `onFire(hook)`, `now()`.
pub(crate) struct TimersModule;

/// Timers that are due some day. Cleared ones stay until then: JavaScript ignores them.
#[derive(Clone, Default, JsLifetime)]
struct Queue(Rc<Timers>);

#[derive(Default)]
struct Timers {
    due: RefCell<BinaryHeap<Reverse<(Instant, u64, u32)>>>,
    immediates: RefCell<Vec<u32>>,
    sequence: Cell<u64>,
    changed: Notify,
}

impl ModuleDef for TimersModule {
    fn declare<'js>(declarations: &Declarations<'js>) -> Result<()> {
        declarations.declare("schedule")?.declare("immediate")?.declare("onFire")?;
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> Result<()> {
        exports.export("schedule", Func::from(schedule))?;
        exports.export("immediate", Func::from(immediate))?;
        exports.export("onFire", Func::from(on_fire))?;
        Ok(())
    }
}

/// Starts the task that fires the timers.
pub(crate) fn start(ctx: &Ctx<'_>) {
    let queue = Queue::default();
    let stored = ctx.store_userdata(queue.clone()).is_ok();
    debug_assert!(stored, "nobody can be reading userdata yet");
    let inner = ctx.clone();
    ctx.spawn(async move {
        loop {
            queue.wait().await;
            for id in queue.take_due() {
                fire(&inner, id);
            }
            let immediates = std::mem::take(&mut *queue.0.immediates.borrow_mut());
            if !immediates.is_empty() {
                for id in immediates {
                    fire(&inner, id);
                }
                // Immediates that set immediates must not keep input and output waiting.
                tokio::task::yield_now().await;
            }
        }
    });
}

impl Queue {
    async fn wait(&self) {
        if !self.0.immediates.borrow().is_empty() {
            return;
        }
        let next = self.0.due.borrow().peek().map(|Reverse((at, ..))| *at);
        match next {
            Some(at) => tokio::select! {
                () = tokio::time::sleep_until(at) => {}
                () = self.0.changed.notified() => {}
            },
            None => self.0.changed.notified().await,
        }
    }

    fn take_due(&self) -> Vec<u32> {
        let now = Instant::now();
        let mut due = self.0.due.borrow_mut();
        let mut ids = Vec::new();
        while let Some(Reverse((at, _, id))) = due.peek()
            && *at <= now
        {
            ids.push(*id);
            due.pop();
        }
        ids
    }
}

/// Runs one timer, then what it made ready: as in Node, promises settle between timers.
fn fire(ctx: &Ctx<'_>, id: u32) {
    let Some(hook) = Callbacks::get(ctx, FIRE_HOOK) else { return };
    if let Err(error) = hook.call::<_, ()>((id,)) {
        if Realm::of(ctx).watchdog().has_expired() {
            return;
        }
        let exception = caught(ctx, error);
        log_uncaught(ctx, "uncaught error in a timer", &exception);
    }
    while ctx.execute_pending_job() {}
}

fn schedule(ctx: Ctx<'_>, id: u32, milliseconds: f64) {
    let Some(queue) = ctx.userdata::<Queue>() else { return };
    let milliseconds =
        if (1.0..=MAX_DELAY_MS).contains(&milliseconds) { milliseconds } else { 1.0 };
    let at = Instant::now() + Duration::from_secs_f64(milliseconds / 1000.0);
    let sequence = queue.0.sequence.get();
    queue.0.sequence.set(sequence + 1);
    let mut due = queue.0.due.borrow_mut();
    let earliest = due.peek().is_none_or(|Reverse((first, ..))| at < *first);
    due.push(Reverse((at, sequence, id)));
    if earliest {
        queue.0.changed.notify_one();
    }
}

fn immediate(ctx: Ctx<'_>, id: u32) {
    let Some(queue) = ctx.userdata::<Queue>() else { return };
    queue.0.immediates.borrow_mut().push(id);
    queue.0.changed.notify_one();
}

fn on_fire<'js>(ctx: Ctx<'js>, hook: Function<'js>) {
    Callbacks::set(&ctx, FIRE_HOOK, hook);
}
