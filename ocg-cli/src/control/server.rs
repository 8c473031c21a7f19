//! The gateway's end of the control socket.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use tokio::io::BufReader;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::protocol::{Refusal, Request, Response, read_line, write_line};

/// Connections served at once; more wait.
const MAX_CONNECTIONS: usize = 8;
/// How long a client may take over one request.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Does what is asked over the socket.
#[async_trait]
pub trait Operator: Send + Sync + 'static {
    /// Does it and says what came of it.
    async fn operate(&self, request: Request) -> Result<Value, Refusal>;
}

/// The bound socket. Dropping it removes the file.
pub struct ControlServer {
    listener: UnixListener,
    path: PathBuf,
}

impl ControlServer {
    /// Binds the socket so that only this user can open it.
    ///
    /// The caller holds the [`GatewayLock`](super::GatewayLock): a socket that lies there already
    /// is left from a gateway that was killed, and is replaced.
    ///
    /// # Errors
    /// The folder cannot be written to, or the path is too long for a socket (about 100 bytes).
    pub fn bind(path: &Path) -> io::Result<Self> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
        Ok(Self { listener, path: path.to_owned() })
    }

    /// Serves requests until `stop` is cancelled.
    pub async fn serve(&self, operator: Arc<dyn Operator>, stop: CancellationToken) {
        let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut connections = JoinSet::new();
        loop {
            let Ok(permit) = Arc::clone(&free).acquire_owned().await else { break };
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    let operator = Arc::clone(&operator);
                    connections.spawn(async move {
                        if let Err(error) = converse(stream, operator.as_ref()).await {
                            tracing::debug!(%error, "control connection failed");
                        }
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept on the control socket");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            while connections.try_join_next().is_some() {}
        }
        // Whoever asked us to stop still gets the answer.
        let rest = async { while connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(Duration::from_secs(1), rest).await;
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn converse(stream: UnixStream, operator: &dyn Operator) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let request = match tokio::time::timeout(READ_TIMEOUT, read_line(&mut reader)).await {
        Ok(Ok(Some(request))) => request,
        Ok(Ok(None)) => return Ok(()),
        Ok(Err(error)) => {
            let refusal = Refusal::new(format!("this is no request: {error}"));
            return write_line(&mut writer, &Response::Refused(refusal)).await;
        }
        Err(_) => return Ok(()),
    };
    let response = match operator.operate(request).await {
        Ok(value) => Response::Done(value),
        Err(refusal) => Response::Refused(refusal),
    };
    write_line(&mut writer, &response).await
}

#[cfg(test)]
mod tests {
    use super::super::{Client, ControlError};
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    struct Parrot;

    #[async_trait]
    impl Operator for Parrot {
        async fn operate(&self, request: Request) -> Result<Value, Refusal> {
            match request {
                Request::Stop => Err(Refusal::new("no").hint("ask again")),
                other => Ok(serde_json::to_value(other).unwrap()),
            }
        }
    }

    async fn with_server(test: impl AsyncFnOnce(&Path)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ocg.sock");
        // A socket that a killed gateway left behind.
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let server = ControlServer::bind(&path).unwrap();
        let stop = CancellationToken::new();
        let serving = server.serve(Arc::new(Parrot), stop.clone());
        tokio::join!(serving, async {
            test(&path).await;
            stop.cancel();
        });
        drop(server);
        assert!(!path.exists(), "the socket is removed");
    }

    #[tokio::test]
    async fn questions_are_answered_and_refused() {
        with_server(async |path| {
            let client = Client::new(path);
            let done = client.ask(&Request::Status).await.unwrap();
            assert_eq!(done, serde_json::json!({"op": "status"}));
            match client.ask(&Request::Stop).await.unwrap_err() {
                ControlError::Refused(refusal) => {
                    assert_eq!(refusal, Refusal::new("no").hint("ask again"));
                }
                other => panic!("{other}"),
            }
        })
        .await;
    }

    #[tokio::test]
    async fn nonsense_gets_an_answer() {
        with_server(async |path| {
            let mut stream = UnixStream::connect(path).await.unwrap();
            stream.write_all(b"{\"op\":\"dance\"}\n").await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(
                answer.starts_with("{\"refused\":{\"message\":\"this is no request"),
                "{answer}"
            );
        })
        .await;
    }

    #[tokio::test]
    async fn only_the_user_can_open_the_socket() {
        with_server(async |path| {
            let mode = std::fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        })
        .await;
    }
}
