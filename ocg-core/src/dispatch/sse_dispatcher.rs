//! The dispatcher for OpenAI-compatible endpoints that stream their answer.

use std::time::Duration;

use async_trait::async_trait;
use backon::{BackoffBuilder, ExponentialBuilder};
use bytes::Bytes;
use futures::StreamExt;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::answer::{AnswerFault, AnswerLimits, AnswerReader};
use super::{
    AgentError, AgentErrorKind, AgentSettings, DispatchRequest, Dispatched, Dispatcher, ReplyEvent,
    refusal, request, transport,
};
use crate::http::{HttpError, HttpSettings};

/// An address that does not react is given up after this time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// A chat user does not wait through a longer pause that an agent asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Pauses between attempts: 0.5 s, doubled each time up to 8 s, with jitter.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(8);

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
            .connect_timeout(CONNECT_TIMEOUT)
            .build()
            .map_err(HttpError::Client)?;
        Ok(Self { client })
    }
}

#[async_trait]
impl Dispatcher for SseDispatcher {
    async fn dispatch(
        &self,
        request: DispatchRequest,
        events: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        let agent = &request.agent;
        let headers = headers(&request)?;
        let body = request::body(&request, true)
            .await
            .map_err(|error| AgentError::new(AgentErrorKind::Other, error.to_string()))?;
        let mut turn = Turn::new(agent, events);
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(MAX_PAUSE)
            .with_max_times(agent.retries as usize)
            .with_jitter()
            .build();
        loop {
            let mut error = match turn.attempt(&self.client, &headers, &body).await {
                Ok(()) => return Ok(Dispatched::Answered),
                Err(error) => error,
            };
            if turn.emitted || !error.retryable() {
                return Err(error);
            }
            let asked = error.retry_after.unwrap_or_default();
            if asked > LONGEST_PAUSE {
                let longest = LONGEST_PAUSE.as_secs();
                error.detail += &format!(", which is more than {longest} s: given up");
                return Err(error);
            }
            let Some(pause) = pauses.next().map(|pause| pause.max(asked)) else {
                return Err(error);
            };
            if Instant::now() + pause >= turn.deadline {
                return Err(error);
            }
            tracing::warn!(%error, pause_ms = pause.as_millis() as u64, "the agent is asked again");
            tokio::time::sleep(pause).await;
        }
    }
}

/// One message and its answer, through all attempts.
struct Turn<'a> {
    agent: &'a AgentSettings,
    /// When the agent's time is up; moves on while the chat, not the agent, is slow.
    deadline: Instant,
    events: mpsc::Sender<ReplyEvent>,
    /// Something of the answer was passed on: asking again would say it twice.
    emitted: bool,
}

impl<'a> Turn<'a> {
    fn new(agent: &'a AgentSettings, events: mpsc::Sender<ReplyEvent>) -> Self {
        Self { agent, deadline: Instant::now() + agent.timeout, events, emitted: false }
    }

    async fn attempt(
        &mut self,
        client: &reqwest::Client,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<(), AgentError> {
        let request =
            client.post(self.agent.url.clone()).headers(headers.clone()).body(body.clone()).send();
        let response = timeout_at(self.deadline, request)
            .await
            .map_err(|_| self.too_slow())?
            .map_err(|error| transport::connect_error(error, self.agent))?;
        if !response.status().is_success() {
            return Err(refusal::error(response, self.agent).await);
        }
        self.read(response).await
    }

    async fn read(&mut self, response: reqwest::Response) -> Result<(), AgentError> {
        let mut reader = AnswerReader::new(AnswerLimits::default());
        let mut body = response.bytes_stream();
        while !reader.is_done() {
            let silent_at = Instant::now() + self.agent.idle_timeout;
            let bytes = match timeout_at(silent_at.min(self.deadline), body.next()).await {
                Ok(None) => break,
                Ok(Some(Ok(bytes))) => bytes,
                // The agent has said that it was done: how the connection ends says nothing.
                Err(_) | Ok(Some(Err(_))) if reader.is_finished() => break,
                Ok(Some(Err(error))) => return Err(transport::body_error(error, self.agent)),
                Err(_) if silent_at < self.deadline => return Err(self.silent()),
                Err(_) => return Err(self.too_slow()),
            };
            let read = reader.push(&bytes);
            self.pass_on(&mut reader).await?;
            read.map_err(|fault| self.fault(fault))?;
        }
        let ended = reader.finish();
        self.pass_on(&mut reader).await?;
        ended.map_err(|fault| self.fault(fault))?;
        if reader.has_tool_calls() {
            tracing::info!(
                agent = self.agent.display_url(),
                "the agent asked for tools to be called, which the gateway does not do"
            );
        }
        Ok(())
    }

    async fn pass_on(&mut self, reader: &mut AnswerReader) -> Result<(), AgentError> {
        for event in reader.take() {
            let started = Instant::now();
            self.events.send(event).await.map_err(|_| {
                AgentError::new(AgentErrorKind::Other, "the answer is no longer wanted")
            })?;
            self.deadline += started.elapsed();
            self.emitted = true;
        }
        Ok(())
    }

    fn too_slow(&self) -> AgentError {
        let detail = format!(
            "agent {} did not finish within {} s; raise \"agentTimeoutMs\" or look into its log",
            self.agent.display_url(),
            self.agent.timeout.as_secs_f64()
        );
        AgentError::new(AgentErrorKind::Timeout, detail)
    }

    fn silent(&self) -> AgentError {
        let detail = format!(
            "agent {} was silent for {} s in mid-answer; raise \"agentIdleTimeoutMs\" or look into \
             its log",
            self.agent.display_url(),
            self.agent.idle_timeout.as_secs_f64()
        );
        AgentError::new(AgentErrorKind::Timeout, detail)
    }

    fn fault(&self, fault: AnswerFault) -> AgentError {
        let url = self.agent.display_url();
        match fault {
            AnswerFault::Reported(message) => {
                let message = refusal::excerpt(&message, self.agent);
                let message = message.as_deref().unwrap_or("without a message");
                AgentError::new(
                    AgentErrorKind::Reported,
                    format!("agent {url} reported a failure: {message}; look into its log"),
                )
            }
            AnswerFault::NotAnAnswer(what) => AgentError::new(
                AgentErrorKind::NotAnAnswer,
                format!(
                    "the answer of {url} is no chat completion but {what}; \"agentUrl\" must be a \
                     complete address such as http://host/v1/chat/completions"
                ),
            ),
            AnswerFault::Cut => AgentError::new(
                AgentErrorKind::Dropped,
                format!(
                    "the answer of agent {url} ends in the middle; look into its log, or that of a \
                     proxy between"
                ),
            ),
            AnswerFault::TooLarge(what) => AgentError::new(
                AgentErrorKind::TooLarge,
                format!(
                    "agent {url} wrote more than the gateway takes: {what} is too long; look into its log"
                ),
            ),
        }
    }
}

/// Reads one answer without asking for it.
#[cfg(test)]
pub(super) async fn read_answer(
    agent: &AgentSettings,
    response: reqwest::Response,
    events: mpsc::Sender<ReplyEvent>,
) -> Result<(), AgentError> {
    Turn::new(agent, events).read(response).await
}

/// The request's headers. Those of the configuration go before all others.
fn headers(request: &DispatchRequest) -> Result<HeaderMap, AgentError> {
    let agent = &request.agent;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
    // Chat addresses may hold anything; a header cannot hold control characters.
    let target: String = request.message.from.chars().filter(|c| !c.is_control()).collect();
    if let Ok(target) = HeaderValue::from_bytes(target.as_bytes()) {
        headers.insert(HeaderName::from_static("x-ocg-target"), target);
    }
    if let Some(key) = &agent.api_key {
        let bearer = format!("Bearer {}", key.expose_secret());
        headers.insert(AUTHORIZATION, secret_value("apiKey", &bearer)?);
    }
    for (name, value) in &agent.headers {
        let key = format!("headers.{name}");
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| unusable(&key, "is no name of an HTTP header"))?;
        headers.insert(name, secret_value(&key, value.expose_secret())?);
    }
    Ok(headers)
}

fn secret_value(key: &str, value: &str) -> Result<HeaderValue, AgentError> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| unusable(key, "has characters that no HTTP header can carry"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn unusable(key: &str, why: &str) -> AgentError {
    AgentError::new(AgentErrorKind::Other, format!("the setting {key:?} {why}; correct it"))
}
