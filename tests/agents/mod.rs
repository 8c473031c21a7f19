//! Fake OpenAI-compatible agents.

mod agent;
mod answer;
mod gate;
mod request;

pub use agent::{Agent, refused_url};
pub use answer::{Answer, Step};
pub use gate::Gate;
pub use request::AgentRequest;
