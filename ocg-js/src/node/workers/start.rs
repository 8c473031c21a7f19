//! Starting a worker, and its end.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rquickjs::prelude::Func;
use rquickjs::{Class, Ctx, Exception, Object, Promise, Result};
use tokio::sync::Notify;

use super::port::{NativePort, message_of};
use crate::isolate::{
    Isolate, IsolateEnd, IsolateError, IsolateSpec, JsException, Limits, Port, ProcessView, Seed,
    WorkerSeat,
};
use crate::node::arguments::{Octets, Text};

/// Our own module that runs the worker's.
const MAIN: &str = "node:internal/worker_main";

/// Threads are numbered across isolates; 0 is the first of each.
static NEXT_ID: AtomicU32 = AtomicU32::new(1);

/// How a worker ended.
struct Outcome {
    code: i32,
    error: Option<JsException>,
}

/// Starts a worker with `{ entry, text, buffers, ports, env, argv, memory, stack }` and gives
/// `{ id, port, ended, terminate() }`. `ended` resolves with `{ code, message, stack, errorCode }`.
pub(super) fn start<'js>(ctx: Ctx<'js>, options: Object<'js>) -> Result<Object<'js>> {
    let (near, far) = Port::pair();
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    let failure = Arc::<Mutex<Option<JsException>>>::default();
    let buffers: Vec<Octets> = options.get("buffers")?;
    let ports: Vec<Class<'js, NativePort>> = options.get("ports")?;
    let seat = WorkerSeat {
        id,
        entry: options.get::<_, Text>("entry")?.0,
        port: far,
        data: message_of(&ctx, options.get::<_, Text>("text")?, buffers, ports)?,
        failure: Arc::clone(&failure),
    };
    let spec = spec(&ctx, &options, seat)?;
    let terminate = Rc::new(Notify::new());
    let (order, inner) = (Rc::clone(&terminate), ctx.clone());
    let ended = Promise::wrap_future(&ctx, async move {
        let mut outcome = run(&inner, spec, &order).await;
        let failure = failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        outcome.error = failure.or(outcome.error);
        let object = Object::new(inner)?;
        object.set("code", outcome.code)?;
        if let Some(error) = outcome.error {
            object.set("message", error.message)?;
            object.set("stack", error.stack)?;
            object.set("errorCode", error.code)?;
        }
        Ok::<_, rquickjs::Error>(object)
    })?;
    let worker = Object::new(ctx.clone())?;
    worker.set("id", id)?;
    worker.set("port", NativePort::instance(&ctx, near)?)?;
    worker.set("ended", ended)?;
    worker.set("terminate", Func::from(move || terminate.notify_one()))?;
    Ok(worker)
}

fn spec<'js>(ctx: &Ctx<'js>, options: &Object<'js>, seat: WorkerSeat) -> Result<IsolateSpec> {
    let Some(seed) = ctx.userdata::<Seed>() else {
        return Err(Exception::throw_internal(ctx, "the isolate cannot have workers"));
    };
    let own = seed.limits();
    let limits = Limits {
        memory: options.get::<_, Option<usize>>("memory")?.unwrap_or(own.memory),
        stack: options.get::<_, Option<usize>>("stack")?.unwrap_or(own.stack),
        ..own
    };
    let env: BTreeMap<String, String> = options.get("env")?;
    let process = ProcessView { env, argv: options.get("argv")?, ..seed.process().clone() };
    Ok(seed.spec(seat, limits, process))
}

async fn run(ctx: &Ctx<'_>, spec: IsolateSpec, terminate: &Notify) -> Outcome {
    let isolate = match Isolate::start(spec).await {
        Ok(isolate) => isolate,
        Err(error) => return Outcome { code: 1, error: Some(in_words(&error)) },
    };
    if let Some(seed) = ctx.userdata::<Seed>() {
        seed.adopt(&isolate);
    }
    let ran = tokio::select! {
        ran = isolate.import(MAIN) => ran,
        () = terminate.notified() => Ok(()),
    };
    let (error, end) = match ran {
        // It is ending by itself; its thread may still be busy with that.
        Err(IsolateError::Ended(_)) => (None, isolate.closed().await),
        ran => {
            let remaining = isolate.clone();
            isolate.terminate().await;
            (ran.err().map(exception), remaining.closed().await)
        }
    };
    if let Some(seed) = ctx.userdata::<Seed>() {
        seed.forget_ended();
    }
    match end {
        IsolateEnd::Exited { code, .. } => Outcome { code, error },
        IsolateEnd::Stopped { .. } => Outcome { code: 1, error },
        end => {
            let code = match end {
                IsolateEnd::OutOfMemory { .. } => Some("ERR_WORKER_OUT_OF_MEMORY".to_owned()),
                _ => None,
            };
            let mut error = in_words(&end);
            error.code = code;
            Outcome { code: 1, error: Some(error) }
        }
    }
}

fn exception(error: IsolateError) -> JsException {
    match error {
        IsolateError::Exception(exception) => exception,
        other => in_words(&other),
    }
}

fn in_words(error: &dyn std::fmt::Display) -> JsException {
    JsException { message: error.to_string(), code: None, place: None, stack: String::new() }
}
