//! The dispatcher for OpenAI-compatible endpoints that stream their answer.

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use reqwest::header::HeaderMap;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::answer::{AnswerFault, AnswerLimits, AnswerReader};
use super::{
    AgentError, AgentErrorKind, AgentSettings, DispatchRequest, Dispatched, Dispatcher, ReplyEvent,
    client, headers, refusal, request,
    retry::{Retries, RetryCount},
    transport,
};
use crate::http::{HttpError, HttpSettings};

/// Posts each message to the agent and reads its answer as it is written.
#[derive(Debug, Clone)]
pub struct SseDispatcher {
    client: reqwest::Client,
    retries: RetryCount,
}

impl SseDispatcher {
    /// A dispatcher with one pool of connections.
    ///
    /// # Errors
    /// See [`HttpSettings::client_builder`].
    pub fn new(http: &HttpSettings) -> Result<Self, HttpError> {
        Ok(Self { client: client::build(http)?, retries: RetryCount::default() })
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
        let headers = headers::headers(&request, "text/event-stream, application/json")?;
        let body = request::body(&request, true)
            .await
            .map_err(|error| AgentError::new(AgentErrorKind::Other, error.to_string()))?;
        let mut turn = Turn::new(agent, events);
        let mut retries = Retries::new(agent, &self.retries);
        loop {
            match turn.attempt(&self.client, &headers, &body).await {
                Ok(()) => return Ok(Dispatched::Answered),
                Err(error) if turn.emitted => return Err(error),
                Err(error) => retries.pause_after(error, turn.deadline).await?,
            }
        }
    }

    fn retries(&self) -> u64 {
        self.retries.get()
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
