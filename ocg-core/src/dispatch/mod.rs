//! From a message to an agent's answer.

mod dispatcher;
mod failure;
mod settings;

pub use dispatcher::{DispatchRequest, Dispatched, Dispatcher, HistoryTurn, ReplyEvent};
pub use failure::{AgentError, AgentErrorKind};
pub use settings::AgentSettings;
