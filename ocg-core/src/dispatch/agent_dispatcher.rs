//! The dispatcher of the gateway as it ships: streamed answers, or callbacks where those are set.

use async_trait::async_trait;
use tokio::sync::mpsc;

use super::{
    AgentError, CallbackDispatcher, DispatchRequest, Dispatched, Dispatcher, ReplyEvent,
    SseDispatcher,
};
use crate::http::{HttpError, HttpSettings};

/// Asks each agent the way its account is set: with a callback if the request has an address for
/// one, and for a streamed answer otherwise.
#[derive(Debug, Clone)]
pub struct AgentDispatcher {
    sse: SseDispatcher,
    callback: CallbackDispatcher,
}

impl AgentDispatcher {
    /// Both dispatchers.
    ///
    /// # Errors
    /// See [`HttpSettings::client_builder`].
    pub fn new(http: &HttpSettings) -> Result<Self, HttpError> {
        Ok(Self { sse: SseDispatcher::new(http)?, callback: CallbackDispatcher::new(http)? })
    }
}

#[async_trait]
impl Dispatcher for AgentDispatcher {
    async fn dispatch(
        &self,
        request: DispatchRequest,
        events: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        match request.callback {
            Some(_) => self.callback.dispatch(request, events).await,
            None => self.sse.dispatch(request, events).await,
        }
    }

    fn retries(&self) -> u64 {
        self.sse.retries() + self.callback.retries()
    }
}
