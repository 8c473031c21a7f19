//! The commands' end of the control socket.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tokio::io::BufReader;
use tokio::net::UnixStream;

use super::protocol::{Refusal, Request, Response, read_line, write_line};

/// How long the gateway may take; a send waits for the platform.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// How long it may take to end: turns in progress have 30 seconds, those that are cut off 20 to
/// tell their users, and then the plugins close what they hold.
pub const END_TIMEOUT: Duration = Duration::from_secs(75);

/// Why the gateway gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Nobody listens.
    #[error("no gateway is running")]
    NotRunning,
    /// It answered that it will not.
    #[error(transparent)]
    Refused(Refusal),
    /// It did not answer in time.
    #[error("the gateway did not answer within {} s", .0.as_secs())]
    Silent(Duration),
    /// The connection broke.
    #[error("the connection to the gateway broke")]
    Broken(#[source] io::Error),
}

/// Asks the gateway that listens on a socket.
#[derive(Debug, Clone)]
pub struct Client {
    path: PathBuf,
}

impl Client {
    /// The gateway behind the socket `path`.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Asks once.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub async fn ask(&self, request: &Request) -> Result<Value, ControlError> {
        let stream = UnixStream::connect(&self.path).await.map_err(|error| match error.kind() {
            // A socket file that nobody listens on is what a killed gateway leaves behind.
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => ControlError::NotRunning,
            // The path is too long for a socket: no gateway can listen there.
            io::ErrorKind::InvalidInput => ControlError::NotRunning,
            _ => ControlError::Broken(error),
        })?;
        let answer = async {
            let (reader, mut writer) = stream.into_split();
            write_line(&mut writer, request).await?;
            read_line(&mut BufReader::new(reader)).await
        };
        let patience = match request {
            Request::Stop | Request::Restart => END_TIMEOUT,
            _ => ANSWER_TIMEOUT,
        };
        match tokio::time::timeout(patience, answer).await {
            Err(_) => Err(ControlError::Silent(patience)),
            Ok(Err(error)) => Err(ControlError::Broken(error)),
            Ok(Ok(None)) => Err(ControlError::Broken(io::ErrorKind::UnexpectedEof.into())),
            Ok(Ok(Some(Response::Done(value)))) => Ok(value),
            Ok(Ok(Some(Response::Refused(refusal)))) => Err(ControlError::Refused(refusal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn where_no_socket_can_be_no_gateway_runs() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["ocg.sock".to_owned(), "long".repeat(50)] {
            let asked = Client::new(&folder.path().join(name)).ask(&Request::Status).await;
            assert!(matches!(asked, Err(ControlError::NotRunning)), "{asked:?}");
        }
    }
}
