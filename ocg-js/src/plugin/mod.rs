//! An OpenClaw plugin as a channel of the gateway.

mod channel;
mod error;
mod host;
mod http_routes;
mod links;
mod login;
mod pairing_view;
mod route;
mod seam;
mod setup;
mod setup_input;
mod sink;
mod state;
mod wire;

pub use channel::PluginChannel;
pub use error::PluginError;
pub use host::PluginHost;
pub use login::{LoginOutcome, LoginTerminal, login};
pub use setup::PluginSetup;
