//! The dispatcher for agents that answer later, by posting to a callback URL.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::retry::{Retries, RetryCount};
use super::{
    AgentError, AgentErrorKind, AgentSettings, CallbackAddress, DispatchRequest, Dispatched,
    Dispatcher, ReplyEvent, client, headers, refusal, request, transport,
};
use crate::http::signature::{ID_HEADER, SIGNATURES_HEADER, Signer, TIMESTAMP_HEADER};
use crate::http::{HttpError, HttpSettings};

/// Posts each message to the agent and tells it where to call back. Any 2xx answer is acceptance;
/// its body is not read.
#[derive(Debug, Clone)]
pub struct CallbackDispatcher {
    client: reqwest::Client,
    retries: RetryCount,
}

impl CallbackDispatcher {
    /// A dispatcher with one pool of connections.
    ///
    /// # Errors
    /// See [`HttpSettings::client_builder`].
    pub fn new(http: &HttpSettings) -> Result<Self, HttpError> {
        Ok(Self { client: client::build(http)?, retries: RetryCount::default() })
    }
}

#[async_trait]
impl Dispatcher for CallbackDispatcher {
    async fn dispatch(
        &self,
        request: DispatchRequest,
        _events: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        let agent = &request.agent;
        let callback = request.callback.as_ref().ok_or_else(|| {
            AgentError::new(AgentErrorKind::Other, "there is no address to call back")
        })?;
        let body = request::body(&request, false)
            .await
            .map_err(|error| AgentError::new(AgentErrorKind::Other, error.to_string()))?;
        let mut headers = headers::headers(&request, "application/json")?;
        let url = HeaderValue::from_str(callback.url.as_str()).map_err(|_| {
            AgentError::new(AgentErrorKind::Other, "the callback URL fits no header")
        })?;
        headers.insert(HeaderName::from_static("x-ocg-callback"), url);
        let deadline = Instant::now() + agent.timeout;
        let mut retries = Retries::new(agent, &self.retries);
        loop {
            sign(&mut headers, callback, &body);
            match self.forward(agent, &headers, &body, deadline).await {
                Ok(()) => return Ok(Dispatched::Deferred),
                Err(error) => retries.pause_after(error, deadline).await?,
            }
        }
    }

    fn retries(&self) -> u64 {
        self.retries.get()
    }
}

impl CallbackDispatcher {
    async fn forward(
        &self,
        agent: &AgentSettings,
        headers: &HeaderMap,
        body: &Bytes,
        deadline: Instant,
    ) -> Result<(), AgentError> {
        let request =
            self.client.post(agent.url.clone()).headers(headers.clone()).body(body.clone()).send();
        let response = timeout_at(deadline, request)
            .await
            .map_err(|_| too_slow(agent))?
            .map_err(|error| transport::connect_error(error, agent))?;
        if response.status().is_success() {
            return Ok(());
        }
        Err(refusal::error(response, agent).await)
    }
}

fn too_slow(agent: &AgentSettings) -> AgentError {
    let detail = format!(
        "agent {} did not accept the message within {} s; in async mode it must answer at once and \
         call back later",
        agent.display_url(),
        agent.timeout.as_secs_f64()
    );
    AgentError::new(AgentErrorKind::Timeout, detail)
}

/// Adds the Standard Webhooks headers, where there is a secret: the agent can check that the
/// message came from this gateway.
fn sign(headers: &mut HeaderMap, callback: &CallbackAddress, body: &[u8]) {
    let Some(secret) = &callback.secret else { return };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let signature = Signer::new(secret.clone()).sign_webhook(&callback.id, now, body);
    let values = [
        (ID_HEADER, callback.id.clone()),
        (TIMESTAMP_HEADER, now.to_string()),
        (SIGNATURES_HEADER, signature),
    ];
    for (name, value) in values {
        let value = HeaderValue::from_str(&value).expect("an id, a number and base64 are ASCII");
        headers.insert(HeaderName::from_static(name), value);
    }
}
