//! From a message to an agent's answer.

mod dispatcher;
mod failure;
mod settings;
mod sse_dispatcher;

pub use dispatcher::{DispatchRequest, Dispatched, Dispatcher, HistoryTurn, ReplyEvent};
pub use failure::{AgentError, AgentErrorKind};
pub use settings::AgentSettings;
pub use sse_dispatcher::SseDispatcher;
