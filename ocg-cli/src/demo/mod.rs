//! The embedded default: a chat in the terminal and an agent that echoes, both without accounts.

mod channel;
mod echo_agent;

pub use channel::{DemoEvent, DemoScreen, demo_channel};
pub use echo_agent::EchoAgent;
