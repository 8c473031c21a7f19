//! Workers: isolates that an isolate starts for its plugin (`node:worker_threads`).

use rquickjs::{Ctx, JsLifetime};
use tokio::sync::mpsc;

use super::{IsolateEnd, IsolateSpec, JsException, Realm};

/// What a worker tells the isolate that started it.
#[derive(Debug)]
pub(crate) enum FromWorker {
    /// A message, as JavaScript wrote it.
    Message(String),
    /// An error that nobody in the worker handled.
    Error(JsException),
}

/// A worker's tie to the isolate that started it.
#[derive(Clone, JsLifetime)]
pub(crate) struct WorkerSide {
    /// `threadId`.
    pub(crate) id: u32,
    /// `workerData`, as JavaScript wrote it.
    pub(crate) data: String,
    /// Messages to the other side.
    pub(crate) outbox: mpsc::Sender<FromWorker>,
}

impl WorkerSide {
    /// The tie, if this isolate is a worker.
    pub(crate) fn of(ctx: &Ctx<'_>) -> Option<Self> {
        ctx.userdata::<Self>().map(|side| (*side).clone())
    }

    /// An error that nobody handled ends a worker, and the other side is told.
    pub(super) fn fail(&self, ctx: &Ctx<'_>, exception: &JsException) {
        // A full queue loses the words, not the end.
        let _ = self.outbox.try_send(FromWorker::Error(exception.clone()));
        let realm = Realm::of(ctx);
        realm.end(IsolateEnd::Exited { plugin: realm.name().to_owned(), code: 1 });
    }
}

/// What this isolate was started with, and its workers are.
#[derive(Clone, JsLifetime)]
pub(crate) struct WorkerSeed(IsolateSpec);

impl WorkerSeed {
    pub(super) fn new(spec: &IsolateSpec) -> Self {
        Self(spec.clone())
    }

    /// What a worker is started with; nothing in a context that no isolate made.
    pub(crate) fn spec(ctx: &Ctx<'_>) -> Option<IsolateSpec> {
        ctx.userdata::<Self>().map(|seed| seed.0.clone())
    }
}
