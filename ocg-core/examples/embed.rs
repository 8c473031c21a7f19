//! Embeds the gateway in a program: a channel and an agent of its own, both written in Rust.
use async_trait::async_trait;
use ocg_core::channel::{Account, Channel, ChannelError};
use ocg_core::dispatch::{AgentError, DispatchRequest, Dispatched, Dispatcher, ReplyEvent};
use ocg_core::gateway::{AccountLink, Gateway};
use ocg_core::message::InboundMessage;
use ocg_core::reply::ReplyPayload;
use std::sync::Arc;
use tokio::sync::mpsc::{Sender, channel};
use tokio_util::sync::CancellationToken as Stop;

/// A chat platform in memory: lines come in, replies go out.
struct Lines(Vec<String>, Sender<ReplyPayload>);

#[async_trait]
impl Channel for Lines {
    fn id(&self) -> &str {
        "lines"
    }
    async fn accounts(&self) -> Result<Vec<Account>, ChannelError> {
        Ok(vec![Account::new("main")])
    }
    async fn run(&self, _: &str, link: AccountLink, stop: Stop) -> Result<(), ChannelError> {
        for line in &self.0 {
            let message = InboundMessage::direct(link.key().clone(), "ann", line);
            link.submit(message, Box::new(self.1.clone())).await;
        }
        stop.cancelled().await;
        Ok(())
    }
}

/// An agent in the same program.
struct Parrot;

#[async_trait]
impl Dispatcher for Parrot {
    async fn dispatch(
        &self,
        request: DispatchRequest,
        events: Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        let answer = format!("You said: {}", request.message.text);
        let _ = events.send(ReplyEvent::Delta(answer)).await;
        Ok(Dispatched::Answered)
    }
}

/// Says hello and checks the reply.
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (stop, (replies, mut replied)) = (Stop::new(), channel(16));
    let lines = Arc::new(Lines(vec!["hello".into()], replies));
    let gateway = Gateway::builder().dispatcher(Arc::new(Parrot)).channel(lines).build()?;
    let running = tokio::spawn(gateway.run(stop.clone()));
    assert_eq!(replied.recv().await.ok_or("no reply")?.text, "You said: hello");
    stop.cancel();
    Ok(running.await.map(drop)?)
}
