//! The configuration: where it comes from and what it means.
//!
//! [`Location`] finds the file, `load` checks it against the keys in `model`, `pick` and `agent`
//! choose among file, environment and defaults, and [`Config`] is the result.

mod agent;
mod changes;
mod channel_id;
mod channels;
mod configuration;
mod diagnose;
pub mod edit;
mod environment;
mod error;
mod excerpt;
mod expected;
mod field;
mod key_path;
mod live;
mod load;
mod locate;
mod model;
mod outgoing;
mod pick;
mod plugin_view;
mod reference;
mod schema;
mod secret;
mod settings;
mod show;
mod source;
mod state_dir;

pub use agent::ResolvedAgent;
pub use changes::{ChannelChange, ConfigChanges};
pub use channel_id::channel_id;
pub use configuration::Config;
pub use diagnose::Diagnostic;
pub use environment::Environment;
pub use error::ConfigError;
pub use field::Grant;
pub use key_path::{InvalidKeyPath, KeyPath, Step};
pub use live::LiveConfig;
pub use locate::Location;
pub use model::Permissions;
pub use reference::reference;
pub use schema::schema;
pub use secret::{SecretError, SecretRef};
pub use settings::{CallbackSettings, InvalidCallbackHost, SendSettings, Settings};
pub use show::Entry;
pub use source::{Source, Sourced};
pub use state_dir::StateDir;

#[cfg(test)]
mod tests;
