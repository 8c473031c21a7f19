//! The isolate's event loop: engine set-up, requests in, and the end.

use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::Poll;

use rquickjs::{AsyncContext, AsyncRuntime, Ctx, Value};
use tokio::sync::{mpsc, oneshot};

use super::exception::caught;
use super::handle::Request;
use super::host_module::{from_json, to_json};
use super::rejections::Rejections;
use super::watchdog::Watchdog;
use super::worker::{Seated, Seed, Workers};
use super::{
    Callbacks, IsolateEnd, IsolateError, IsolateSpec, JsException, MemoryInUse, Realm, engine,
    log_uncaught,
};
use crate::{loader, web};

type Ready = oneshot::Sender<Result<(), IsolateError>>;

/// Runs one isolate from its start to its end.
pub(crate) async fn run(
    spec: IsolateSpec,
    inbox: mpsc::Receiver<Request>,
    ready: Ready,
    cancelled: Arc<AtomicBool>,
) -> IsolateEnd {
    let plugin = spec.name.clone();
    let watchdog = Rc::new(Watchdog::new(spec.limits.sync_deadline, cancelled));
    let workers = Workers::default();
    let (runtime, context) = match engine(&spec, &watchdog).await {
        Ok(engine) => engine,
        Err(error) => {
            let reason = error.to_string();
            let _ = ready.send(Err(IsolateError::Engine { plugin: plugin.clone(), reason }));
            return IsolateEnd::Stopped { plugin };
        }
    };
    let end = {
        let served = context
            .async_with(async |ctx| serve(ctx, spec, &watchdog, &workers, inbox, ready).await);
        let mut served = pin!(served);
        poll_fn(|cx| {
            watchdog.enter();
            let polled = served.as_mut().poll(cx);
            watchdog.leave();
            if watchdog.has_expired() {
                let plugin = plugin.clone();
                return Poll::Ready(if watchdog.is_cancelled() {
                    IsolateEnd::Stopped { plugin }
                } else {
                    IsolateEnd::Interrupted { plugin, limit: watchdog.limit() }
                });
            }
            polled
        })
        .await
    };
    workers.end().await;
    drop(context);
    drop(runtime);
    end
}

async fn engine(
    spec: &IsolateSpec,
    watchdog: &Rc<Watchdog>,
) -> rquickjs::Result<(AsyncRuntime, AsyncContext)> {
    let runtime = AsyncRuntime::new()?;
    runtime.set_memory_limit(spec.limits.memory).await;
    runtime.set_max_stack_size(spec.limits.stack).await;
    let asked = Rc::clone(watchdog);
    runtime.set_interrupt_handler(Some(Box::new(move || asked.expired()))).await;
    runtime
        .set_host_promise_rejection_tracker(Some(Box::new(|ctx, promise, reason, handled| {
            Rejections::track(&ctx, promise, reason, handled);
        })))
        .await;
    let context = AsyncContext::full(&runtime).await?;
    loader::install(&runtime, &context, &spec.packages, spec.bytecode_cache.as_deref()).await?;
    Ok((runtime, context))
}

/// Answers requests until the end. Every call runs as a task of its own.
async fn serve<'js>(
    ctx: Ctx<'js>,
    spec: IsolateSpec,
    watchdog: &Rc<Watchdog>,
    workers: &Workers,
    mut inbox: mpsc::Receiver<Request>,
    ready: Ready,
) -> IsolateEnd {
    let seed = Seed::new(&spec, workers.clone());
    let IsolateSpec { name, permits, limits, host, http, process, worker, .. } = spec;
    let realm = Realm::new(name, host, process, limits.memory, Rc::clone(watchdog));
    web::start(&ctx, http, &permits);
    let stored = ctx.store_userdata(realm.clone()).is_ok()
        && ctx.store_userdata(permits).is_ok()
        && ctx.store_userdata(seed).is_ok()
        && worker.is_none_or(|seat| ctx.store_userdata(Seated::new(seat)).is_ok())
        && ctx.store_userdata(Callbacks::default()).is_ok()
        && ctx.store_userdata(Rejections::default()).is_ok();
    debug_assert!(stored, "nobody can be reading userdata yet");
    let started = import(&ctx, "ocg:web/globals").await.map_err(IsolateError::from);
    let failed = started.is_err();
    let _ = ready.send(started);
    if failed {
        return stopped(&realm);
    }
    loop {
        tokio::select! {
            () = realm.ended() => break,
            request = inbox.recv() => match request {
                Some(Request::Stop) | None => return stopped(&realm),
                Some(request) => accept(&ctx, request),
            },
        }
    }
    realm.take_end().unwrap_or_else(|| stopped(&realm))
}

fn stopped(realm: &Realm) -> IsolateEnd {
    IsolateEnd::Stopped { plugin: realm.name().to_owned() }
}

fn accept<'js>(ctx: &Ctx<'js>, request: Request) {
    let inner = ctx.clone();
    match request {
        Request::Import { specifier, reply } => ctx.spawn(async move {
            let result = import(&inner, &specifier).await;
            answer(&inner, reply, result);
        }),
        Request::Call { function, args, reply } => ctx.spawn(async move {
            let result = call(&inner, &function, &args).await;
            match (reply, result) {
                (Some(reply), result) => answer(&inner, reply, result),
                (None, Ok(_)) => {}
                (None, Err(IsolateError::Exception(exception))) => {
                    log_uncaught(&inner, &format!("error in {function}"), &exception);
                }
                (None, Err(error)) => tracing::warn!(target: "ocg::plugin", "{error}"),
            }
        }),
        Request::Memory(reply) => {
            let (used, limit) = (engine::memory_in_use(ctx), Realm::of(ctx).memory_limit());
            let _ = reply.send(Ok(MemoryInUse { used, limit: limit as u64 }));
        }
        Request::Stdin(bytes) => web::stdin::feed(ctx, bytes),
        Request::Stop => {}
    }
}

/// An answer is worth nothing if the isolate died giving it: then the reason is the answer.
fn answer<T>(
    ctx: &Ctx<'_>,
    reply: oneshot::Sender<Result<T, IsolateError>>,
    result: Result<T, impl Into<IsolateError>>,
) {
    let realm = Realm::of(ctx);
    if realm.watchdog().has_expired() {
        return;
    }
    let _ = reply.send(match realm.take_end() {
        Some(end) => Err(end.into()),
        None => result.map_err(Into::into),
    });
}

async fn import<'js>(ctx: &Ctx<'js>, specifier: &str) -> Result<(), JsException> {
    let imported = match loader::import(ctx, specifier) {
        Ok(promise) => promise.into_future::<Value>().await,
        Err(error) => Err(error),
    };
    imported.map(drop).map_err(|error| caught(ctx, error))
}

async fn call<'js>(
    ctx: &Ctx<'js>,
    name: &str,
    args: &serde_json::Value,
) -> Result<serde_json::Value, IsolateError> {
    let Some(function) = Callbacks::get(ctx, name) else {
        let plugin = Realm::of(ctx).name().to_owned();
        return Err(IsolateError::NoSuchFunction { plugin, function: name.to_owned() });
    };
    let leave_context = Callbacks::get(ctx, "ocg:leave-context");
    let result = async {
        if let Some(leave) = leave_context {
            leave.call::<_, ()>(())?;
        }
        let value: Value = function.call((from_json(ctx, args)?,))?;
        let value = match value.as_promise() {
            Some(promise) => promise.clone().into_future::<Value>().await?,
            None => value,
        };
        to_json(ctx, Some(value))
    };
    result.await.map_err(|error| caught(ctx, error).into())
}
