//! Workers: further isolates of the same plugin, owned and awaited by the first.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use ocg_core::http::HttpSettings;
use rquickjs::JsLifetime;
use tokio::sync::mpsc;

use super::{Host, Isolate, IsolateSpec, JsException, Limits, ProcessView};
use crate::permit::Permits;

/// Messages that may wait for the other side of a port.
const QUEUE: usize = 65_536;

/// A value on its way from one isolate to another.
#[derive(Default)]
pub(crate) struct Message {
    /// Its structure, as `ocg:web/message-codec` writes it.
    pub(crate) text: String,
    /// The bytes in it.
    pub(crate) buffers: Vec<Vec<u8>>,
    /// Ports that move with it.
    pub(crate) ports: Vec<Port>,
}

/// One end of a channel of messages.
pub(crate) struct Port {
    pub(crate) to: mpsc::Sender<Message>,
    pub(crate) from: mpsc::Receiver<Message>,
}

impl Port {
    /// Two ends of one channel.
    pub(crate) fn pair() -> (Self, Self) {
        let (to_far, from_near) = mpsc::channel(QUEUE);
        let (to_near, from_far) = mpsc::channel(QUEUE);
        (Self { to: to_far, from: from_far }, Self { to: to_near, from: from_near })
    }
}

/// What a worker gets to know of who started it.
pub struct WorkerSeat {
    /// `threadId`.
    pub(crate) id: u32,
    /// The module to run.
    pub(crate) entry: String,
    /// `parentPort`.
    pub(crate) port: Port,
    /// `workerData` and the rest.
    pub(crate) data: Message,
    /// The error that ends it, for who started it.
    pub(crate) failure: Arc<Mutex<Option<JsException>>>,
}

/// The seat as userdata of a worker's isolate.
#[derive(JsLifetime)]
pub(crate) struct Seated {
    id: u32,
    entry: String,
    belongings: RefCell<Option<(Port, Message)>>,
    failure: Arc<Mutex<Option<JsException>>>,
}

impl Seated {
    pub(crate) fn new(seat: WorkerSeat) -> Self {
        let WorkerSeat { id, entry, port, data, failure } = seat;
        Self { id, entry, belongings: RefCell::new(Some((port, data))), failure }
    }

    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    pub(crate) fn entry(&self) -> &str {
        &self.entry
    }

    /// The port and the data; they are given once.
    pub(crate) fn take(&self) -> Option<(Port, Message)> {
        self.belongings.borrow_mut().take()
    }

    /// Keeps the error that ends the worker; the first counts.
    pub(crate) fn fail(&self, exception: &JsException) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.get_or_insert_with(|| exception.clone());
    }
}

/// The workers of an isolate.
#[derive(Clone, Default)]
pub(crate) struct Workers(Rc<RefCell<Vec<Isolate>>>);

impl Workers {
    /// Ends them all and waits until they are gone.
    pub(crate) async fn end(&self) {
        let workers = std::mem::take(&mut *self.0.borrow_mut());
        for worker in workers {
            worker.terminate().await;
        }
    }
}

/// What the workers of an isolate are made of, as its userdata.
#[derive(JsLifetime)]
pub(crate) struct Seed {
    name: String,
    packages: Vec<std::path::PathBuf>,
    permits: Permits,
    limits: Limits,
    bytecode_cache: Option<std::path::PathBuf>,
    host: Arc<dyn Host>,
    http: HttpSettings,
    process: ProcessView,
    workers: Workers,
}

impl Seed {
    pub(crate) fn new(spec: &IsolateSpec, workers: Workers) -> Self {
        Self {
            name: spec.name.clone(),
            packages: spec.packages.clone(),
            permits: spec.permits.clone(),
            limits: spec.limits,
            bytecode_cache: spec.bytecode_cache.clone(),
            host: Arc::clone(&spec.host),
            http: spec.http.clone(),
            process: spec.process.clone(),
            workers,
        }
    }

    /// The specification of a worker. It may use no more than who starts it.
    pub(crate) fn spec(
        &self,
        seat: WorkerSeat,
        limits: Limits,
        process: ProcessView,
    ) -> IsolateSpec {
        IsolateSpec {
            name: self.name.clone(),
            packages: self.packages.clone(),
            permits: self.permits.clone(),
            limits: Limits {
                memory: limits.memory.min(self.limits.memory),
                stack: limits.stack.min(self.limits.stack),
                sync_deadline: self.limits.sync_deadline,
            },
            bytecode_cache: self.bytecode_cache.clone(),
            host: Arc::clone(&self.host),
            http: self.http.clone(),
            process,
            worker: Some(seat),
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    pub(crate) fn process(&self) -> &ProcessView {
        &self.process
    }

    /// Owns a worker until it or this isolate ends.
    pub(crate) fn adopt(&self, worker: &Isolate) {
        let mut workers = self.workers.0.borrow_mut();
        workers.retain(|known| !known.is_closed());
        workers.push(worker.clone());
    }

    /// Lets go of workers that have ended.
    pub(crate) fn forget_ended(&self) {
        self.workers.0.borrow_mut().retain(|known| !known.is_closed());
    }
}
