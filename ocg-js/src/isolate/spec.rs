//! What an isolate is started with.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ocg_core::http::HttpSettings;

use super::{Host, WorkerSeat};
use crate::permit::Permits;

/// Everything that makes one isolate different from another.
pub struct IsolateSpec {
    /// Names the thread and the log lines: the plugin's package name.
    pub name: String,
    /// Directories that plugin code may be loaded from: the package and its `node_modules`.
    pub packages: Vec<PathBuf>,
    /// What the plugin may reach.
    pub permits: Permits,
    /// What the plugin may use up.
    pub limits: Limits,
    /// Directory of compiled modules; `None` compiles them on every start.
    pub bytecode_cache: Option<PathBuf>,
    /// The other side of `ocg:host`, and where the plugin's output goes.
    pub host: Arc<dyn Host>,
    /// Proxies and certificates of the plugin's own requests.
    pub http: HttpSettings,
    /// What `process` shows.
    pub process: ProcessView,
    /// Where a worker of another isolate stands; `None` for a plugin's first isolate.
    pub worker: Option<WorkerSeat>,
}

/// What an isolate may use up before it is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that JavaScript may allocate.
    pub memory: usize,
    /// Bytes of native stack that JavaScript calls may use.
    pub stack: usize,
    /// CPU time that JavaScript may use without giving way to timers and input.
    pub sync_deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 256 << 20, stack: 2 << 20, sync_deadline: Duration::from_secs(5) }
    }
}

/// The plugin's view of its process. Changes that it makes stay inside the isolate.
#[derive(Debug, Clone, Default)]
pub struct ProcessView {
    /// `process.cwd()`.
    pub cwd: PathBuf,
    /// `process.env`: only what the plugin may see.
    pub env: BTreeMap<String, String>,
    /// `process.argv` after the interpreter's own name.
    pub argv: Vec<String>,
}
