//! The lines that travel over the control socket.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::gateway::ConfigReport;

/// Longest line in bytes, either way.
pub const MAX_LINE: u64 = 1 << 20;

/// What is asked of the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Request {
    /// The state of all accounts: answered with a [`GatewayReport`].
    Status,
    /// Finish the turns in progress and end: answered with an
    /// [`EndReport`](crate::gateway::EndReport) when that is done.
    Stop,
    /// Read the configuration anew: answered with what became of it.
    Reload,
    /// The same as `Stop`, and start again with the same arguments.
    Restart,
    /// Send a message outside a turn.
    Send {
        /// Channel id.
        channel: String,
        /// Account id; the channel's only one if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// The chat.
        to: String,
        /// Text.
        #[serde(default)]
        text: String,
        /// Files to send along.
        #[serde(default)]
        media: Vec<String>,
        /// Message to reply to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<String>,
    },
    /// Tell a sender that they were approved: answered with whether the channel has words for
    /// that.
    TellApproved {
        /// Channel id.
        channel: String,
        /// Account id.
        account: String,
        /// The sender.
        sender: String,
    },
    /// Start the accounts of a channel that do not run.
    StartChannel {
        /// Channel id.
        channel: String,
        /// Only this account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
    },
    /// Stop the accounts of a channel and start them again.
    RestartChannel {
        /// Channel id.
        channel: String,
        /// Only this account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
    },
    /// Stop the accounts of a channel.
    StopChannel {
        /// Channel id.
        channel: String,
        /// Only this account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
    },
}

/// What the gateway answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Response {
    /// Done; what there is to tell.
    Done(Value),
    /// Not done.
    Refused(Refusal),
}

/// Why the gateway did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Refusal {
    /// A refusal without advice.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// Says what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The running gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayReport {
    /// Process id.
    pub pid: u32,
    /// Version of `ocg`.
    pub version: String,
    /// A number that no other run of the gateway has: the process id stays over a restart.
    pub run: u64,
    /// Since when it runs, RFC 3339.
    pub started_at: String,
    /// For how long, in seconds.
    pub uptime_seconds: u64,
    /// The configuration file it read, if there was one.
    pub config_file: Option<String>,
    /// Where the running configuration stands.
    pub config: ConfigReport,
    /// The log file, if it does not log to its terminal.
    pub log_file: Option<String>,
    /// Turns that run now.
    pub running_turns: usize,
    /// Messages that wait for their turn.
    pub waiting_turns: usize,
    /// The HTTP server for callbacks, sends, health and plugins' routes, where it listens.
    #[serde(default)]
    pub callback_server: Option<CallbackReport>,
    /// Why messages cannot be stored, where that is so, and what to do.
    pub store_error: Option<String>,
    /// All accounts of all channels.
    pub accounts: Vec<AccountReport>,
    /// Channels that are configured and cannot be served.
    pub failed_channels: Vec<ChannelFailure>,
}

/// The callback server of the running gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallbackReport {
    /// Address and port that it listens on.
    pub address: String,
    /// Base address that agents are told; `None` without async mode.
    pub told: Option<String>,
    /// Whether callbacks must be signed.
    pub signed: bool,
}

/// A channel that cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelFailure {
    /// Channel id.
    pub channel: String,
    /// Why, and what to do.
    pub error: String,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourcedText {
    /// The value, as text.
    pub value: String,
    /// Where it comes from.
    pub source: String,
}

/// Which agent answers an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentReport {
    /// Chat-completions endpoint.
    pub url: SourcedText,
    /// Model name.
    pub model: SourcedText,
    /// `sync`, or `async` for agents that call back.
    pub mode: SourcedText,
}

/// One account of the running gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountReport {
    /// Channel id.
    pub channel: String,
    /// Account id.
    pub account: String,
    /// Name for people to read.
    pub name: Option<String>,
    /// `starting`, `running`, `backoff`, `stopped`.
    pub state: String,
    /// Since when it is in that state, RFC 3339.
    pub since: String,
    /// Connected to the platform, as far as the channel says.
    pub connected: Option<bool>,
    /// The last error, which may be over.
    pub last_error: Option<String>,
    /// When the last message came in, RFC 3339.
    pub last_inbound: Option<String>,
    /// How often it was started again after a failure.
    pub restarts: u32,
    /// Which agent answers it.
    pub agent: AgentReport,
}

/// Reads one line of JSON; `None` if the other side has closed.
///
/// # Errors
/// The connection broke, or the line is longer than [`MAX_LINE`] or no such message.
pub async fn read_line<T: for<'de> Deserialize<'de>>(
    reader: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    let read = reader.take(MAX_LINE).read_until(b'\n', &mut line).await?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') && read as u64 == MAX_LINE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the line is too long"));
    }
    Ok(Some(serde_json::from_slice(&line)?))
}

/// Writes one line of JSON.
///
/// # Errors
/// The connection broke.
pub async fn write_line(
    writer: &mut (impl AsyncWrite + Unpin),
    value: &impl Serialize,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    writer.write_all(&line).await?;
    writer.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_is_one_line() {
        let request = Request::StopChannel { channel: "openclaw-weixin".into(), account: None };
        let mut line = Vec::new();
        write_line(&mut line, &request).await.unwrap();
        assert_eq!(line, b"{\"op\":\"stop-channel\",\"channel\":\"openclaw-weixin\"}\n");
        assert_eq!(read_line::<Request>(&mut line.as_slice()).await.unwrap(), Some(request));
    }

    #[tokio::test]
    async fn a_line_without_end_is_refused() {
        let flood = vec![b'x'; MAX_LINE as usize + 10];
        let error = read_line::<Request>(&mut flood.as_slice()).await.unwrap_err();
        assert_eq!(error.to_string(), "the line is too long");
    }
}
