//! `ocg:native/worker`: both ends of a worker thread. Messages are texts that JavaScript writes
//! and reads (`ocg:web/clone-text`).

use std::cell::RefCell;
use std::collections::HashMap;

use rquickjs::function::Func;
use rquickjs::{Array, Ctx, Exception, Function, IntoJs, JsLifetime, Null, Result, Value};
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::sync::oneshot;

use super::arguments::Text;
use super::native_module;
use super::throw::coded;
use crate::isolate::{
    Callbacks, FromWorker, Isolate, IsolateEnd, IsolateError, IsolateSpec, Realm, WorkerSeed,
    WorkerSide, caught, log_uncaught,
};

/// Messages that may wait on either side.
const QUEUE: usize = 1024;
/// Workers that one isolate may run at a time: each costs some megabytes.
const WORKERS: usize = 4;
/// What Node gives for a worker that was terminated, or died.
const FAILED: i32 = 1;
/// JavaScript's function in a worker for messages from outside.
const TO_WORKER: &str = "ocg:to-worker";
/// JavaScript's function for what happens to its workers.
const WORKER_EVENT: &str = "ocg:worker-event";

native_module!(WorkerModule(ctx) {
    start => Func::from(start),
    post => Func::from(post),
    terminate => Func::from(terminate),
    side => side(ctx)?,
    postToParent => Func::from(post_to_parent),
    finish => Func::from(finish),
    onMessage => Func::from(|ctx: Ctx<'js>, listener: Function<'js>| {
        Callbacks::set(&ctx, TO_WORKER, listener);
    }),
    onEvent => Func::from(|ctx: Ctx<'js>, listener: Function<'js>| {
        Callbacks::set(&ctx, WORKER_EVENT, listener);
    }),
});

/// The workers of an isolate. Their threads end with it.
#[derive(Default, JsLifetime)]
struct Workers {
    last: RefCell<u32>,
    running: RefCell<HashMap<u32, Running>>,
}

struct Running {
    inbox: mpsc::Sender<String>,
    stop: Option<oneshot::Sender<()>>,
}

/// Thread id and data of this worker; null in the isolate that is none.
fn side<'js>(ctx: &Ctx<'js>) -> Result<Value<'js>> {
    let Some(side) = WorkerSide::of(ctx) else { return Null.into_js(ctx) };
    let pair = Array::new(ctx.clone())?;
    pair.set(0, side.id)?;
    pair.set(1, side.data)?;
    Ok(pair.into_value())
}

/// Starts a worker with the module at `path`; gives its thread id. Everything else is told by
/// events.
fn start(ctx: Ctx<'_>, path: Text, data: Text) -> Result<u32> {
    if ctx.userdata::<Workers>().is_none() {
        // Fails only while somebody reads userdata, which nobody does here.
        let _ = ctx.store_userdata(Workers::default());
    }
    let internal = || Exception::throw_internal(&ctx, "the isolate cannot start workers");
    let workers = ctx.userdata::<Workers>().ok_or_else(internal)?;
    if workers.running.borrow().len() >= WORKERS {
        let why = format!("a plugin may run {WORKERS} workers at a time");
        return Err(coded(&ctx, "ERR_WORKER_INIT_FAILED", &why));
    }
    let id = {
        let mut last = workers.last.borrow_mut();
        *last += 1;
        *last
    };
    let (outbox, from_worker) = mpsc::channel(QUEUE);
    let (inbox, to_worker) = mpsc::channel(QUEUE);
    let (stop, stopped) = oneshot::channel();
    let side = WorkerSide { id, data: data.0, outbox };
    let spec = WorkerSeed::spec(&ctx).ok_or_else(internal)?;
    workers.running.borrow_mut().insert(id, Running { inbox, stop: Some(stop) });
    let worker = Worker { id, from_worker, to_worker, stopped };
    let inner = ctx.clone();
    ctx.spawn(async move {
        let code = worker.run(&inner, spec, side, &path.0).await;
        if let Some(workers) = inner.userdata::<Workers>() {
            workers.running.borrow_mut().remove(&id);
        }
        gives_way().await;
        tell(&inner, id, "exit", &code.to_string());
    });
    Ok(id)
}

/// A worker, seen from the isolate that started it.
struct Worker {
    id: u32,
    from_worker: mpsc::Receiver<FromWorker>,
    to_worker: mpsc::Receiver<String>,
    stopped: oneshot::Receiver<()>,
}

impl Worker {
    /// Runs to the end; gives the exit code.
    async fn run(mut self, ctx: &Ctx<'_>, spec: IsolateSpec, side: WorkerSide, path: &str) -> i32 {
        let isolate = match Self::ready(spec, side).await {
            Ok(isolate) => isolate,
            Err(error) => return self.failed(ctx, &error.to_string()),
        };
        tell(ctx, self.id, "online", "");
        let mut importing = std::pin::pin!(isolate.import(path));
        let mut imported = false;
        loop {
            tokio::select! {
                biased;
                _ = &mut self.stopped => {
                    isolate.clone().stop().await;
                    return FAILED;
                }
                Some(told) = self.from_worker.recv() => {
                    self.pass_on(ctx, told);
                    gives_way().await;
                }
                Some(message) = self.to_worker.recv() => isolate.post(TO_WORKER, message.into()),
                outcome = &mut importing, if !imported => {
                    imported = true;
                    // An end is told below.
                    if let Err(IsolateError::Exception(exception)) = outcome {
                        isolate.clone().stop().await;
                        return self.failed(ctx, &exception.message);
                    }
                }
                end = isolate.closed() => {
                    while let Ok(told) = self.from_worker.try_recv() {
                        self.pass_on(ctx, told);
                        gives_way().await;
                    }
                    return match end {
                        IsolateEnd::Exited { code, .. } => code,
                        other => self.failed(ctx, &other.to_string()),
                    };
                }
            }
        }
    }

    /// An isolate that listens to messages.
    async fn ready(
        spec: IsolateSpec,
        side: WorkerSide,
    ) -> std::result::Result<Isolate, IsolateError> {
        let isolate = Isolate::start_worker(spec, side).await?;
        isolate.import("node:worker_threads").await?;
        Ok(isolate)
    }

    fn pass_on(&self, ctx: &Ctx<'_>, told: FromWorker) {
        match told {
            FromWorker::Message(text) => tell(ctx, self.id, "message", &text),
            FromWorker::Error(exception) => tell(ctx, self.id, "error", &exception.message),
        }
    }

    fn failed(&self, ctx: &Ctx<'_>, message: &str) -> i32 {
        tell(ctx, self.id, "error", message);
        FAILED
    }
}

/// Lets JavaScript act on one event before the next is told.
async fn gives_way() {
    tokio::task::yield_now().await;
}

/// Tells JavaScript what happened to one of its workers.
fn tell(ctx: &Ctx<'_>, id: u32, event: &str, what: &str) {
    let told = (|| {
        if let Some(leave) = Callbacks::get(ctx, "ocg:leave-context") {
            leave.call::<_, ()>(())?;
        }
        match Callbacks::get(ctx, WORKER_EVENT) {
            Some(listener) => listener.call::<_, ()>((id, event, what)),
            None => Ok(()),
        }
    })();
    if let Err(error) = told {
        let exception = caught(ctx, error);
        log_uncaught(ctx, "uncaught error in a listener of a worker", &exception);
    }
}

/// Sends a message to a worker; one that has ended hears nothing, as in Node.
fn post(ctx: Ctx<'_>, id: u32, text: Text) -> Result<()> {
    let Some(workers) = ctx.userdata::<Workers>() else { return Ok(()) };
    let running = workers.running.borrow();
    let sent = running.get(&id).map(|worker| worker.inbox.try_send(text.0));
    match sent {
        Some(Err(TrySendError::Full(_))) => Err(overflow(&ctx)),
        _ => Ok(()),
    }
}

fn overflow(ctx: &Ctx<'_>) -> rquickjs::Error {
    let why = format!("{QUEUE} messages wait for the other thread already");
    coded(ctx, "ERR_WORKER_MESSAGING_FAILED", &why)
}

/// Ends a worker, whatever it does; its `exit` event tells when that is done.
fn terminate(ctx: Ctx<'_>, id: u32) {
    if let Some(workers) = ctx.userdata::<Workers>()
        && let Some(stop) = workers.running.borrow_mut().get_mut(&id).and_then(|w| w.stop.take())
    {
        let _ = stop.send(());
    }
}

/// Sends a message from a worker to the isolate that started it.
fn post_to_parent(ctx: Ctx<'_>, text: Text) -> Result<()> {
    let Some(side) = WorkerSide::of(&ctx) else { return Ok(()) };
    match side.outbox.try_send(FromWorker::Message(text.0)) {
        Err(TrySendError::Full(_)) => Err(overflow(&ctx)),
        _ => Ok(()),
    }
}

/// Ends this worker, which has nothing left to do.
fn finish(ctx: Ctx<'_>, code: i32) {
    let realm = Realm::of(&ctx);
    realm.end(IsolateEnd::Exited { plugin: realm.name().to_owned(), code });
}
