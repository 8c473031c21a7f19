//! Logging an account in at a terminal.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::error::PluginError;
use super::host::PluginHost;
use super::wire::LoginReport;

/// Where a login talks to a person.
pub trait LoginTerminal: Send + Sync {
    /// Prints text as the plugin wrote it.
    fn print(&self, text: &str);

    /// Shows `link` as a QR code, with the plugin's words about it.
    fn show_code(&self, link: &str, message: &str);
}

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
pub async fn login(
    host: &Arc<PluginHost>,
    channel: &str,
    account: Option<&str>,
    terminal: Arc<dyn LoginTerminal>,
    mut input: mpsc::Receiver<Vec<u8>>,
    cancel: CancellationToken,
) -> Result<LoginOutcome, PluginError> {
    let isolate = host.isolate_for_login(terminal).await?;
    let args = serde_json::json!({ "channel": channel, "account": account });
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
