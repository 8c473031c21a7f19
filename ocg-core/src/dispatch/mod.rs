//! From a message to an agent's answer.

mod agent_dispatcher;
mod answer;
mod attachment;
mod callback_dispatcher;
mod client;
mod completion;
mod dispatcher;
mod failure;
mod headers;
mod refusal;
mod request;
mod retry;
mod settings;
mod sse;
mod sse_dispatcher;
mod transport;

pub use agent_dispatcher::AgentDispatcher;
pub use callback_dispatcher::CallbackDispatcher;
pub use dispatcher::{
    CallbackAddress, DispatchRequest, Dispatched, Dispatcher, HistoryTurn, ReplyEvent,
};
pub use failure::{AgentError, AgentErrorKind};
pub use settings::AgentSettings;
pub use sse_dispatcher::SseDispatcher;

#[cfg(test)]
mod tests;
