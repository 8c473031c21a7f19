//! Fake OpenAI-compatible agents.

mod agent;
mod answer;
mod callback;
mod gate;
mod request;

pub use agent::{Agent, refused_url};
pub use answer::{Answer, Step};
pub use callback::{Callback, Callbacks};
pub use gate::Gate;
pub use request::AgentRequest;
