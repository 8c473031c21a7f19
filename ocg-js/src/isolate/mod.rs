//! One plugin's JavaScript: a thread, a tokio runtime and a QuickJS runtime that belong together.

mod callbacks;
mod end;
mod engine;
mod error;
mod exception;
mod handle;
mod host;
mod host_module;
mod realm;
mod rejections;
mod run;
mod spec;
mod stack;
#[cfg(test)]
mod tests;
mod thread;
mod watchdog;
mod worker;

pub use callbacks::Callbacks;
pub use end::IsolateEnd;
pub use engine::engine_version;
pub use error::{IsolateError, JsException};
pub(crate) use exception::describe;
pub use exception::{caught, log_uncaught, throw_with_code};
pub use handle::{Isolate, MemoryInUse};
pub use host::{Host, HostError};
pub(crate) use host_module::HostModule;
pub use realm::Realm;
pub use spec::{IsolateSpec, Limits, ProcessView};
pub use worker::WorkerSeat;
pub(crate) use worker::{Message, Port, Seated, Seed};
