//! `ocg test`

mod callback;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use ocg_core::admit::SenderPolicy;
use ocg_core::dispatch::{
    AgentError, AgentErrorKind, AgentSettings, DispatchRequest, Dispatched, Dispatcher, ReplyEvent,
    SseDispatcher,
};
use ocg_core::gateway::{Gateway, GatewaySettings};
use ocg_core::http::HttpSettings;
use ocg_core::message::{AccountKey, Chat, InboundMessage, ReplyStyle, Sender};
use ocg_core::reply::TurnOutcome;

use crate::cli::Global;
use crate::context::Context;
use crate::demo::{DemoEvent, EchoAgent, demo_channel};
use crate::failure::Failure;
use crate::output::{self, Style, paint};

/// What is said to the mock agent, and what it answers.
const PING: &str = "ping";
const PONG: &str = "You said: ping";
/// The built-in pipeline needs milliseconds.
const PIPELINE_TIMEOUT: Duration = Duration::from_secs(10);
/// What is said to the configured agent.
const QUESTION: &str = "Hello! This is a connection test. Please answer with one short sentence.";
/// How much of its answer is shown, in characters.
const SHOWN: usize = 200;

/// Tests the pipeline with a mock agent, then the configured agent.
///
/// `wait` is how long an agent in async mode may take to call back.
pub async fn run(global: &Global, offline: bool, wait: Duration) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let took = pipeline().await?;
    passed(format!("gateway with built-in mock agent: {} ms", took.as_millis()))?;
    if offline {
        return Ok(());
    }
    // Asked once: a test that tries again hides how often the agent fails.
    let agent = AgentSettings { retries: 0, ..context.agent_of("test", "default").settings() };
    let name = format!("agent {} at {}", agent.model, agent.display_url());
    if agent.asynchronous {
        let result = callback::ask(&context, agent, wait).await;
        return show_called_back(&name, result);
    }
    match ask(agent, context.config().agent_http()).await? {
        Ok(answer) => {
            let first = answer.first.unwrap_or(answer.whole);
            passed(format!(
                "{name}: first words after {} ms, all after {} ms",
                first.as_millis(),
                answer.whole.as_millis()
            ))?;
            Ok(output::line(format!("     reply: {}", shortened(&answer.text)))?)
        }
        Err(error) => {
            output::line(format!("{} {name}", paint(Style::Bad, "FAIL")))?;
            Err(explained(&error))
        }
    }
}

fn show_called_back(
    name: &str,
    result: Result<callback::CalledBack, Failure>,
) -> Result<(), Failure> {
    let answer = result.or_else(|failure| {
        output::line(format!("{} {name}", paint(Style::Bad, "FAIL")))?;
        Err(failure)
    })?;
    let called_back = answer.called_back.as_millis();
    let when = match answer.accepted {
        Some(accepted) => {
            format!(
                "accepted after {} ms, called back after {called_back} ms",
                accepted.as_millis()
            )
        }
        None => format!("called back after {called_back} ms, before it accepted"),
    };
    passed(format!("{name}: {when}"))?;
    Ok(output::line(format!("     reply: {}", shortened(&answer.text)))?)
}

fn passed(what: String) -> Result<(), Failure> {
    Ok(output::line(format!("{} {what}", paint(Style::Good, "ok  ")))?)
}

/// One message through channel, gateway, HTTP and back; how long it took.
async fn pipeline() -> Result<Duration, Failure> {
    let broken = |error: &dyn std::error::Error| {
        Failure::failed("the gateway does not work with its own mock agent").because(error)
    };
    let agent = EchoAgent::start(Duration::ZERO).await.map_err(|error| broken(&error))?;
    let dispatcher =
        SseDispatcher::new(&HttpSettings::default()).map_err(|error| broken(&error))?;
    let (channel, mut screen) = demo_channel();
    let gateway = Gateway::builder()
        .settings(GatewaySettings::with_agent(agent.settings()))
        .dispatcher(Arc::new(dispatcher))
        .channel(Arc::new(channel))
        .build()
        .map_err(|error| broken(&error))?;
    let stop = CancellationToken::new();
    let began = Instant::now();
    let conversation = async {
        let talk = async {
            let mut said = String::new();
            // The gateway holds the other end until it stops.
            let _ = screen.say.send(PING.to_owned()).await;
            while let Some(event) = screen.events.recv().await {
                match event {
                    DemoEvent::Said(payload) => said += &payload.text,
                    DemoEvent::Settled(outcome) => return (said, outcome),
                }
            }
            (said, TurnOutcome::Cancelled)
        };
        let result = timeout(PIPELINE_TIMEOUT, talk).await;
        stop.cancel();
        result
    };
    let (_, result) = tokio::join!(gateway.run(stop.clone()), conversation);
    let took = began.elapsed();
    agent.stop().await;
    match result {
        Ok((said, TurnOutcome::Answered)) if said == PONG => Ok(took),
        Ok((said, _)) => Err(Failure::failed(format!(
            "the gateway does not work with its own mock agent: expected {PONG:?}, got {said:?}"
        ))),
        Err(elapsed) => Err(broken(&elapsed)),
    }
}

/// The agent's answer and when it came.
struct Answer {
    text: String,
    first: Option<Duration>,
    whole: Duration,
}

/// Asks the configured agent once, through the dispatcher that `ocg start` uses.
async fn ask(
    agent: AgentSettings,
    http: &HttpSettings,
) -> Result<Result<Answer, AgentError>, Failure> {
    let dispatcher = SseDispatcher::new(http)
        .map_err(|error| Failure::failed("cannot set up the network").because(&error))?;
    let request = DispatchRequest {
        turn: Default::default(),
        message: Arc::new(question()),
        agent: Arc::new(agent),
        history: Vec::new(),
        callback: None,
    };
    let (sender, mut events) = mpsc::channel(16);
    let began = Instant::now();
    let listen = async {
        let (mut text, mut first) = (String::new(), None);
        while let Some(event) = events.recv().await {
            first.get_or_insert_with(|| began.elapsed());
            if let ReplyEvent::Delta(more) = event {
                text += &more;
            }
        }
        (text, first)
    };
    let (result, (text, first)) = tokio::join!(dispatcher.dispatch(request, sender), listen);
    Ok(result.map(|dispatched| {
        debug_assert_eq!(dispatched, Dispatched::Answered, "an SSE dispatcher never defers");
        Answer { text, first, whole: began.elapsed() }
    }))
}

fn question() -> InboundMessage {
    InboundMessage {
        origin: AccountKey::new("test", "default"),
        session_key: "agent:main:test:direct:ocg-test".into(),
        message_id: None,
        from: "test:ocg-test".into(),
        chat: Chat { id: "ocg-test".into(), ..Chat::default() },
        sender: Sender { id: "ocg-test".into(), name: None },
        text: QUESTION.into(),
        quote: None,
        media: Vec::new(),
        style: ReplyStyle::default(),
        policy: SenderPolicy::default(),
    }
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None if line.is_empty() => "(empty)".to_owned(),
        None => line,
    }
}

/// What is wrong with the agent and what to do about it.
fn explained(error: &AgentError) -> Failure {
    let hint = match error.kind {
        AgentErrorKind::Refused => {
            "start the agent, or set its address with `ocg config set agentUrl URL`"
        }
        AgentErrorKind::Dns => "check the host name in `agentUrl`, and the network",
        AgentErrorKind::Tls => {
            "if the certificate is signed by a company's own authority, name its file in \
             `extraCaCerts`; an agent without TLS needs http:// in `agentUrl`"
        }
        AgentErrorKind::Timeout => {
            "raise `agentTimeoutMs` or `agentIdleTimeoutMs` if the agent is only slow"
        }
        AgentErrorKind::Unauthorized => "set the key with `apiKey` or OCG_API_KEY",
        AgentErrorKind::RateLimited => "the agent is busy or its quota is used up: try again later",
        AgentErrorKind::Status(404) => {
            "check the path in `agentUrl`: it usually ends in /v1/chat/completions; some agents \
             also answer so when they do not know `model`"
        }
        AgentErrorKind::Status(400..=499) => "check `model`: the agent does not accept the request",
        AgentErrorKind::Status(_) | AgentErrorKind::Reported => "see the agent's own log",
        AgentErrorKind::NotAnAnswer => {
            "check `agentUrl`: it must be a chat-completions endpoint, not a web page"
        }
        AgentErrorKind::Dropped => "the agent broke off in mid-answer: see its own log",
        AgentErrorKind::TooLarge | AgentErrorKind::Other => "check `agentUrl` and the agent's log",
    };
    Failure::failed("the agent does not answer").because(error).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_replies_are_shortened_between_characters() {
        assert_eq!(shortened("one\n two"), "one two");
        assert_eq!(shortened(""), "(empty)");
        let long = shortened(&"\u{4e2d}".repeat(300));
        assert_eq!(long.chars().count(), SHOWN + 3);
    }
}
