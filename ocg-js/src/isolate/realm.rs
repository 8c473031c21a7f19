//! What native modules know about the isolate they run in.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rquickjs::{Ctx, JsLifetime};
use tokio::sync::Notify;

use super::watchdog::Watchdog;
use super::{Host, IsolateEnd, ProcessView};

/// The isolate's own facts, as userdata of its QuickJS runtime.
#[derive(Clone, JsLifetime)]
pub struct Realm(Rc<Facts>);

struct Facts {
    name: String,
    host: Arc<dyn Host>,
    process: ProcessView,
    memory_limit: usize,
    watchdog: Rc<Watchdog>,
    end: RefCell<Option<IsolateEnd>>,
    ended: Notify,
}

impl Realm {
    pub(crate) fn new(
        name: String,
        host: Arc<dyn Host>,
        process: ProcessView,
        memory_limit: usize,
        watchdog: Rc<Watchdog>,
    ) -> Self {
        Self(Rc::new(Facts {
            name,
            host,
            process,
            memory_limit,
            watchdog,
            end: RefCell::default(),
            ended: Notify::new(),
        }))
    }

    /// The realm of a context.
    ///
    /// # Panics
    /// In a context that no isolate made.
    pub fn of(ctx: &Ctx<'_>) -> Self {
        (*ctx.userdata::<Self>().expect("every isolate stores its realm before it runs a module"))
            .clone()
    }

    /// The plugin's name, for log lines.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The other side of `ocg:host`.
    pub fn host(&self) -> &Arc<dyn Host> {
        &self.0.host
    }

    /// What `process` shows.
    pub fn process(&self) -> &ProcessView {
        &self.0.process
    }

    /// Bytes that JavaScript may allocate.
    pub fn memory_limit(&self) -> usize {
        self.0.memory_limit
    }

    pub(crate) fn watchdog(&self) -> &Watchdog {
        &self.0.watchdog
    }

    /// Ends the isolate as soon as JavaScript gives way; the first reason counts.
    pub fn end(&self, end: IsolateEnd) {
        self.0.end.borrow_mut().get_or_insert(end);
        self.0.ended.notify_one();
    }

    pub(crate) fn take_end(&self) -> Option<IsolateEnd> {
        self.0.end.borrow().clone()
    }

    pub(crate) async fn ended(&self) {
        self.0.ended.notified().await;
    }
}
