//! `ocg demo`

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use ocg_core::dispatch::{AgentSettings, SseDispatcher};
use ocg_core::gateway::{Gateway, GatewaySettings};
use ocg_core::http::HttpSettings;
use ocg_core::reply::TurnOutcome;

use crate::cli::Global;
use crate::context::Context;
use crate::demo::{DemoEvent, DemoScreen, EchoAgent, demo_channel};
use crate::failure::{Exit, Failure};
use crate::output::{self, Style, note, paint};

/// Pause between two words of the echo agent: enough to see the answer grow.
const WORD_PAUSE: Duration = Duration::from_millis(15);

/// Chats in the terminal, with the echo agent or with the configured one.
pub async fn run(global: &Global, echo: bool, say: Vec<String>) -> Result<(), Failure> {
    if !echo {
        let context = Context::load(global)?;
        let agent = context.agent_of("demo", "default").settings();
        note(chatting_with(&agent));
        return chat(agent, context.config().agent_http(), say).await;
    }
    // The echo agent needs no configuration, so that a newcomer needs none either.
    let echo = EchoAgent::start(WORD_PAUSE)
        .await
        .map_err(|error| Failure::failed("cannot start the echo agent").because(&error))?;
    let agent = echo.settings();
    note(chatting_with(&agent));
    let result = chat(agent, &HttpSettings::default(), say).await;
    echo.stop().await;
    result
}

fn chatting_with(agent: &AgentSettings) -> String {
    format!("Chatting with {} at {}", agent.model, agent.display_url())
}

async fn chat(agent: AgentSettings, http: &HttpSettings, say: Vec<String>) -> Result<(), Failure> {
    let dispatcher = SseDispatcher::new(http)
        .map_err(|error| Failure::failed("cannot set up the network").because(&error))?;
    let (channel, screen) = demo_channel();
    let gateway = Gateway::builder()
        .settings(GatewaySettings::with_agent(agent))
        .dispatcher(Arc::new(dispatcher))
        .channel(Arc::new(channel))
        .build()
        .map_err(|error| Failure::failed("cannot build the gateway").because(&error))?;
    let stop = CancellationToken::new();
    let conversation = async {
        let result = tokio::select! {
            result = converse(screen, say) => result,
            _ = tokio::signal::ctrl_c() => Ok(()),
        };
        stop.cancel();
        result
    };
    let (_, result) = tokio::join!(gateway.run(stop.clone()), conversation);
    result
}

/// Says one line after the other and shows what comes back.
async fn converse(mut screen: DemoScreen, say: Vec<String>) -> Result<(), Failure> {
    let typed = say.is_empty() && std::io::stdin().is_terminal();
    let prompt = paint(Style::Strong, "you>");
    let mut lines = lines(say);
    let mut failed = false;
    loop {
        if typed {
            output::text(format!("{prompt} "))?;
        }
        let Some(line) = lines.recv().await else { break };
        if line.trim().is_empty() {
            continue;
        }
        if !typed {
            output::line(format!("{prompt} {line}"))?;
        }
        if screen.say.send(line).await.is_err() {
            break;
        }
        failed |= show_reply(&mut screen).await?;
    }
    if typed {
        output::line("")?;
    }
    if failed { Err(Failure::reported(Exit::Failed)) } else { Ok(()) }
}

/// What the user says, line by line: what the command line says, else what is typed.
fn lines(say: Vec<String>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    // Reading a terminal cannot be cancelled, so it has a thread that dies with the process.
    std::thread::spawn(move || {
        if !say.is_empty() {
            return say.into_iter().try_for_each(|line| sender.blocking_send(line).ok());
        }
        let typed = std::io::stdin().lock().lines();
        typed.map_while(Result::ok).try_for_each(|line| sender.blocking_send(line).ok())
    });
    receiver
}

/// Shows a reply as it comes; whether the turn failed.
async fn show_reply(screen: &mut DemoScreen) -> Result<bool, Failure> {
    while let Some(event) = screen.events.recv().await {
        match event {
            DemoEvent::Said(payload) => {
                let style = if payload.is_error { Style::Bad } else { Style::Good };
                // The lines of one message stand under each other.
                let text = payload.text.replace('\n', "\n       ");
                output::line(format!("{} {text}", paint(style, "agent>")))?;
                for media in &payload.media {
                    output::line(format!("       [{media}]"))?;
                }
            }
            DemoEvent::Settled(outcome) => {
                if outcome == TurnOutcome::Silent {
                    output::line(paint(Style::Dim, "       (the agent had nothing to say)"))?;
                }
                return Ok(matches!(outcome, TurnOutcome::Failed | TurnOutcome::Cancelled));
            }
        }
    }
    Ok(true)
}
