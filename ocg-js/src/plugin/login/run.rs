//! One login from start to end.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::session::{LoginSession, LoginTerminal};
use crate::plugin::channel::PluginChannel;
use crate::plugin::error::PluginError;
use crate::plugin::wire::{LoginKind, LoginReport};

/// How a login ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginOutcome {
    /// The account is connected and its credentials are stored.
    pub connected: bool,
    /// What the plugin says, in its own language.
    pub message: String,
    /// The account, as the plugin names it.
    pub account: Option<String>,
}

/// Logs an account of `channel` in. Lines that the person types come in through `input`.
///
/// # Errors
/// When the channel has no login, the plugin fails, or `cancel` ends it.
pub async fn login(
    channel: &PluginChannel,
    account: Option<&str>,
    terminal: Arc<dyn LoginTerminal>,
    mut input: mpsc::Receiver<Vec<u8>>,
    cancel: CancellationToken,
) -> Result<LoginOutcome, PluginError> {
    let wizard = channel.login_kind() == Some(LoginKind::Wizard);
    // Lines answer the questions of a wizard; other plugins read them from their standard input.
    let (nothing, closed) = mpsc::channel(1);
    drop(nothing);
    let answers = if wizard { std::mem::replace(&mut input, closed) } else { closed };
    let session = Arc::new(LoginSession::new(terminal, answers));
    let host = channel.host();
    let isolate = host.isolate_for_login(session).await?;
    let args = serde_json::json!({ "channel": channel.plugin_id(), "account": account });
    let run = isolate.call("login.run", args);
    tokio::pin!(run);
    let mut typed = true;
    let report = loop {
        tokio::select! {
            report = &mut run => break report?,
            line = input.recv(), if typed => match line {
                Some(bytes) => isolate.feed_stdin(bytes),
                None => typed = false,
            },
            () = cancel.cancelled() => return Err(PluginError::Cancelled),
        }
    };
    let report: LoginReport = host.read("login.run", report)?;
    Ok(LoginOutcome {
        connected: report.connected,
        message: report.message,
        account: report.account,
    })
}
