//! The rest of OCG's end of an isolate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

use super::{IsolateEnd, IsolateError, IsolateSpec, thread};

/// Requests that may wait for the isolate's thread before senders wait as well.
const QUEUE: usize = 1024;

/// What the handle asks of the thread.
pub(crate) enum Request {
    Import {
        specifier: String,
        reply: oneshot::Sender<Result<(), IsolateError>>,
    },
    Call {
        function: String,
        args: Value,
        reply: Option<oneshot::Sender<Result<Value, IsolateError>>>,
    },
    Memory(oneshot::Sender<Result<MemoryInUse, IsolateError>>),
    Stdin(Vec<u8>),
    Stop,
}

/// Memory of an isolate at one moment, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryInUse {
    /// What the engine has allocated.
    pub used: u64,
    /// What it may allocate.
    pub limit: u64,
}

/// A running isolate. Clones are handles of the same one; it stops when the last is dropped.
#[derive(Clone)]
pub struct Isolate {
    name: Arc<str>,
    requests: mpsc::Sender<Request>,
    end: watch::Receiver<Option<IsolateEnd>>,
    cancelled: Arc<AtomicBool>,
}

impl Isolate {
    /// Starts the thread and installs the web globals.
    ///
    /// # Errors
    /// No thread, unusable HTTP settings, or a defect in our own modules.
    pub async fn start(spec: IsolateSpec) -> Result<Self, IsolateError> {
        let name: Arc<str> = spec.name.as_str().into();
        let (requests, inbox) = mpsc::channel(QUEUE);
        let (end_sender, mut end) = watch::channel(None);
        let (ready_sender, ready) = oneshot::channel();
        let cancelled = Arc::<AtomicBool>::default();
        thread::spawn(spec, inbox, ready_sender, end_sender, Arc::clone(&cancelled))?;
        match ready.await {
            Ok(result) => result?,
            Err(_) => return Err(wait_for_end(&mut end, &name).await.into()),
        }
        Ok(Self { name, requests, end, cancelled })
    }

    /// The plugin's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Evaluates a module with everything it imports, top-level `await` included.
    ///
    /// # Errors
    /// What the module threw, or the isolate's end.
    pub async fn import(&self, specifier_or_path: &str) -> Result<(), IsolateError> {
        let (reply, answer) = oneshot::channel();
        self.send(Request::Import { specifier: specifier_or_path.to_owned(), reply }).await?;
        self.answer(answer).await
    }

    /// Calls what JavaScript exposed under `function` with one argument, and awaits its promise.
    /// Calls do not wait for each other.
    ///
    /// # Errors
    /// What the function threw, no such function, or the isolate's end.
    pub async fn call(&self, function: &str, args: Value) -> Result<Value, IsolateError> {
        let (reply, answer) = oneshot::channel();
        let function = function.to_owned();
        self.send(Request::Call { function, args, reply: Some(reply) }).await?;
        self.answer(answer).await
    }

    /// As [`Isolate::call`] when nobody waits for the outcome; failures are logged. Posts and
    /// calls from one task arrive in order. Must be called within a tokio runtime.
    pub fn post(&self, function: &str, args: Value) {
        self.enqueue(Request::Call { function: function.to_owned(), args, reply: None });
    }

    /// How much memory it uses. Takes the isolate's thread some milliseconds.
    ///
    /// # Errors
    /// The isolate's end.
    pub async fn memory(&self) -> Result<MemoryInUse, IsolateError> {
        let (reply, answer) = oneshot::channel();
        self.send(Request::Memory(reply)).await?;
        self.answer(answer).await
    }

    /// Input for the plugin's `process.stdin`.
    pub fn feed_stdin(&self, bytes: Vec<u8>) {
        self.enqueue(Request::Stdin(bytes));
    }

    /// Whether the isolate has ended.
    pub fn is_closed(&self) -> bool {
        self.end.borrow().is_some() || self.requests.is_closed()
    }

    /// Waits for the end and tells why.
    pub async fn closed(&self) -> IsolateEnd {
        wait_for_end(&mut self.end.clone(), &self.name).await
    }

    /// Stops the isolate and waits until its thread is gone. What still runs is dropped.
    pub async fn stop(self) {
        let _ = self.requests.send(Request::Stop).await;
        self.closed().await;
    }

    /// As [`Isolate::stop`], but JavaScript that is computing is stopped where it is.
    pub async fn terminate(self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.stop().await;
    }

    async fn send(&self, request: Request) -> Result<(), IsolateError> {
        match self.requests.send(request).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.closed().await.into()),
        }
    }

    fn enqueue(&self, request: Request) {
        // A full queue means that JavaScript is busy: wait outside of the caller, lose nothing.
        if let Err(mpsc::error::TrySendError::Full(request)) = self.requests.try_send(request) {
            let requests = self.requests.clone();
            tokio::spawn(async move {
                let _ = requests.send(request).await;
            });
        }
    }

    async fn answer<T>(
        &self,
        answer: oneshot::Receiver<Result<T, IsolateError>>,
    ) -> Result<T, IsolateError> {
        match answer.await {
            Ok(result) => result,
            Err(_) => Err(self.closed().await.into()),
        }
    }
}

async fn wait_for_end(end: &mut watch::Receiver<Option<IsolateEnd>>, name: &str) -> IsolateEnd {
    match end.wait_for(Option::is_some).await {
        Ok(end) => end.clone().unwrap_or_else(|| stopped(name)),
        Err(_) => stopped(name),
    }
}

fn stopped(name: &str) -> IsolateEnd {
    IsolateEnd::Stopped { plugin: name.to_owned() }
}
