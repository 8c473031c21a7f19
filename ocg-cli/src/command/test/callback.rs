//! `ocg test` in async mode: one message to the agent, and its callback.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use url::Url;

use ocg_callback::{CallbackServer, ServerError, ServerSettings};
use ocg_core::config::CallbackSettings;
use ocg_core::dispatch::{
    AgentError, AgentSettings, CallbackDispatcher, DispatchRequest, Dispatched, Dispatcher,
    ReplyEvent,
};
use ocg_core::gateway::{CallbackRules, Gateway, GatewaySettings};
use ocg_core::http::routes::Routes;
use ocg_core::reply::ReplyPayload;

use super::{QUESTION, explained};
use crate::context::Context;
use crate::demo::{DemoEvent, DemoScreen, demo_channel};
use crate::failure::Failure;

/// An agent that works.
pub(super) struct CalledBack {
    pub(super) text: String,
    /// When it had accepted the message; an agent may call back before that.
    pub(super) accepted: Option<Duration>,
    pub(super) called_back: Duration,
}

/// Hands one message to the agent and waits for its callback, through a gateway that is made for
/// it. `wait` is how long the agent may take once it has accepted.
pub(super) async fn ask(
    context: &Context,
    agent: AgentSettings,
    wait: Duration,
) -> Result<CalledBack, Failure> {
    let config = context.config();
    let (server, told) = listen(&config.settings.callback, ServerSettings::from(&*config)).await?;
    let inner = CallbackDispatcher::new(config.agent_http())
        .map_err(|error| Failure::failed("cannot set up the network").because(&error))?;
    let (forwards, forwarded) = mpsc::channel(1);
    let (channel, screen) = demo_channel();
    let callbacks = CallbackRules {
        address: told.clone(),
        secret: config.settings.callback.secret.as_ref().map(|secret| secret.value.clone()),
        // The test gives up first.
        ttl: agent.timeout + wait + Duration::from_secs(60),
    };
    let gateway = Gateway::builder()
        .settings(GatewaySettings { callbacks, ..GatewaySettings::with_agent(agent) })
        .dispatcher(Arc::new(Observed { inner, forwards }))
        .channel(Arc::new(channel))
        .build()
        .map_err(|error| Failure::failed("cannot build the gateway").because(&error))?;
    let refused = server.refusals();
    let stop = CancellationToken::new();
    let serve = server.serve(gateway.handle(), Routes::default(), stop.clone());
    let trial = async {
        let trial = Trial { screen, forwarded, refused, told, wait };
        let result = trial.run().await;
        stop.cancel();
        result
    };
    let (_, (), result) = tokio::join!(gateway.run(stop.clone()), serve, trial);
    result
}

/// Listens where the gateway would, or beside a gateway that runs; also gives the address that the
/// agent is told.
async fn listen(
    callback: &CallbackSettings,
    settings: ServerSettings,
) -> Result<(CallbackServer, Url), Failure> {
    let cannot = |error: &ServerError| Failure::failed("cannot test callbacks").because(error);
    let public = callback.public_url.is_some()
        || callback.public_host.is_some()
        || callback.public_port.is_some();
    let server = match CallbackServer::bind(settings.clone()).await {
        Ok(server) => server,
        Err(error @ ServerError::InUse { .. }) if public => {
            let hint = "if that is a running gateway, `ocg stop` it first: the agent can reach its \
                        public address only";
            return Err(cannot(&error).hint(hint));
        }
        Err(ServerError::InUse { .. }) => {
            let beside = ServerSettings { port: 0, ..settings };
            CallbackServer::bind(beside).await.map_err(|error| cannot(&error))?
        }
        Err(error) => return Err(cannot(&error)),
    };
    let mut heard = callback.clone();
    heard.port.value = server.address().port();
    let told = heard
        .public_address()
        .map_err(|error| Failure::usage("agents cannot call back").because(&error))?;
    Ok((server, told))
}

/// Tells how the forward went, which the gateway would tell only the chat.
struct Observed {
    inner: CallbackDispatcher,
    forwards: mpsc::Sender<Result<(), AgentError>>,
}

#[async_trait]
impl Dispatcher for Observed {
    async fn dispatch(
        &self,
        request: DispatchRequest,
        events: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        let result = self.inner.dispatch(request, events).await;
        let _ = self.forwards.send(result.as_ref().map(|_| ()).map_err(Clone::clone)).await;
        result
    }
}

/// What happens from the forward to the callback.
struct Trial {
    screen: DemoScreen,
    forwarded: mpsc::Receiver<Result<(), AgentError>>,
    refused: watch::Receiver<Option<&'static str>>,
    told: Url,
    wait: Duration,
}

impl Trial {
    async fn run(mut self) -> Result<CalledBack, Failure> {
        let began = Instant::now();
        // The gateway holds the other end until it stops.
        let _ = self.screen.say.send(QUESTION.to_owned()).await;
        let mut accepted = None;
        loop {
            let patience = accepted.map(|accepted: Instant| accepted + self.wait);
            tokio::select! {
                biased;
                Some(forwarded) = self.forwarded.recv() => match forwarded {
                    Ok(()) => accepted = Some(Instant::now()),
                    Err(error) => return Err(explained(&error)),
                },
                Some(event) = self.screen.events.recv() => if let DemoEvent::Said(payload) = event {
                    let text = self.text(payload)?;
                    let accepted = accepted.map(|accepted| accepted - began);
                    return Ok(CalledBack { text, accepted, called_back: began.elapsed() });
                },
                Ok(()) = self.refused.changed() => {
                    let code = *self.refused.borrow_and_update();
                    return Err(refused(code.unwrap_or_default()));
                }
                () = sleep_until(patience.unwrap_or(began)), if patience.is_some() => {
                    return Err(self.never());
                }
            }
        }
    }

    fn text(&self, payload: ReplyPayload) -> Result<String, Failure> {
        if payload.is_error {
            let failure = Failure::failed("the agent called back with a failure");
            return Err(failure.because_of_each([payload.text]).hint("see the agent's own log"));
        }
        Ok(payload.media.into_iter().fold(payload.text, |text, media| format!("{text} {media}")))
    }

    fn never(&self) -> Failure {
        Failure::failed(format!(
            "the agent accepted the message and did not call back within {} s",
            self.wait.as_secs()
        ))
        .hint(format!(
            "it must post to the address in X-OCG-Callback, {}/ocg/callback/...: if it runs \
             elsewhere, set `callbackPublicUrl` to an address that it can reach; if it is only \
             slow, raise --wait",
            self.told.as_str().trim_end_matches('/')
        ))
    }
}

/// What is wrong with a callback that came.
fn refused(code: &str) -> Failure {
    match code {
        "UNAUTHORIZED" => {
            Failure::failed("the agent called back, and its signature is missing or wrong").hint(
                "give the agent the same `callbackSecret`; it signs the raw body and sends \
                 X-OCG-Signature: sha256=<hex HMAC-SHA256>",
            )
        }
        "UNKNOWN_TOKEN" | "NO_TOKEN" => {
            Failure::failed("the agent called back to another address than it was told")
                .hint("it must post to the whole URL in X-OCG-Callback, unchanged")
        }
        code => Failure::failed(format!("the agent called back with what is no reply ({code})"))
            .hint("it must send JSON: {\"reply\": \"...\"}; docs/protocol.md has the details"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_callback_is_said() {
        let codes = ["UNAUTHORIZED", "UNKNOWN_TOKEN", "NO_REPLY"];
        let said: Vec<_> = codes.iter().map(|code| refused(code).render(false)).collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
