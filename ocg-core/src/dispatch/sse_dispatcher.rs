//! The dispatcher for OpenAI-compatible endpoints that stream their answer.

use async_trait::async_trait;
use tokio::sync::mpsc;

use super::{AgentError, DispatchRequest, Dispatched, Dispatcher, ReplyEvent};
use crate::http::{HttpError, HttpSettings};

/// Posts each message to the agent and reads its answer as it is written.
#[derive(Debug, Clone)]
pub struct SseDispatcher {
    client: reqwest::Client,
}

impl SseDispatcher {
    /// A dispatcher with one pool of connections. Redirects are not followed: they would carry
    /// the message to an address that nobody configured.
    ///
    /// # Errors
    /// See [`HttpSettings::client_builder`].
    pub fn new(http: &HttpSettings) -> Result<Self, HttpError> {
        let client = http
            .client_builder()?
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(HttpError::Client)?;
        Ok(Self { client })
    }
}

#[async_trait]
impl Dispatcher for SseDispatcher {
    async fn dispatch(
        &self,
        _request: DispatchRequest,
        _events: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        let _ = &self.client;
        unimplemented!("follows")
    }
}
