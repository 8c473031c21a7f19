//! From a message to an agent's answer.

mod answer;
mod attachment;
mod completion;
mod dispatcher;
mod failure;
mod refusal;
mod request;
mod settings;
mod sse;
mod sse_dispatcher;
mod transport;

pub use dispatcher::{DispatchRequest, Dispatched, Dispatcher, HistoryTurn, ReplyEvent};
pub use failure::{AgentError, AgentErrorKind};
pub use settings::AgentSettings;
pub use sse_dispatcher::SseDispatcher;

#[cfg(test)]
mod tests;
