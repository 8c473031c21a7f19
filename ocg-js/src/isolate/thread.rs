//! The isolate's own thread: set-up and the containment of panics.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::{mpsc, oneshot, watch};

use super::handle::Request;
use super::{IsolateEnd, IsolateError, IsolateSpec, run};

/// Native stack beyond what JavaScript may use: for Rust and C below and above it.
const STACK_RESERVE: usize = 2 << 20;

/// Starts the thread. It reports readiness once and its end at last.
pub(crate) fn spawn(
    spec: IsolateSpec,
    inbox: mpsc::Receiver<Request>,
    ready: oneshot::Sender<Result<(), IsolateError>>,
    end: watch::Sender<Option<IsolateEnd>>,
    cancelled: Arc<AtomicBool>,
) -> Result<(), IsolateError> {
    let plugin = spec.name.clone();
    std::thread::Builder::new()
        .name(format!("ocg-js:{plugin}"))
        .stack_size(spec.limits.stack + STACK_RESERVE)
        .spawn(move || {
            let plugin = spec.name.clone();
            // Nothing that a panic may have left half-done outlives this closure.
            let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
                run_to_end(spec, inbox, ready, cancelled)
            }));
            let reason = outcome.unwrap_or_else(|panic| IsolateEnd::Panicked {
                plugin,
                message: panic_message(&*panic),
            });
            end.send_replace(Some(reason));
        })
        .map(drop)
        .map_err(|source| IsolateError::Start { plugin, source })
}

fn run_to_end(
    spec: IsolateSpec,
    inbox: mpsc::Receiver<Request>,
    ready: oneshot::Sender<Result<(), IsolateError>>,
    cancelled: Arc<AtomicBool>,
) -> IsolateEnd {
    let plugin = spec.name.clone();
    let stopped = IsolateEnd::Stopped { plugin: plugin.clone() };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(source) => {
            let _ = ready.send(Err(IsolateError::Start { plugin, source }));
            return stopped;
        }
    };
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, run::run(spec, inbox, ready, cancelled))
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into())
}
