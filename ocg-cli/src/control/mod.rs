//! Talking to the running gateway: a Unix socket in the state folder, one JSON line each way.

mod client;
mod lock;
mod protocol;
mod server;

pub use client::{Client, ControlError, END_TIMEOUT};
pub use lock::{GatewayLock, Holder, LockError};
pub use protocol::{
    AccountReport, AgentReport, CallbackReport, ChannelFailure, GatewayReport, Refusal, Request,
    SourcedText,
};
pub use server::{ControlServer, Operator};
