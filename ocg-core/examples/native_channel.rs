//! A chat platform in Rust: a TCP port on which every line is a message. `nc 127.0.0.1 PORT` chats.
use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ocg_core::channel::{
    Account, Channel, ChannelError, ChannelTraits, OutboundMessage, SendReceipt,
};
use ocg_core::dispatch::{AgentError, DispatchRequest, Dispatched, Dispatcher, ReplyEvent};
use ocg_core::error::Fault;
use ocg_core::gateway::{AccountLink, Gateway};
use ocg_core::message::InboundMessage;
use ocg_core::reply::{DeliverError, ReplyKind, ReplyPayload, ReplySink};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What is written to one person: replies, and messages outside of a conversation.
type Line = Arc<tokio::sync::Mutex<OwnedWriteHalf>>;

/// The platform. Its one account is the port.
struct LineChat {
    listener: TcpListener,
    people: Mutex<HashMap<String, Line>>,
}

#[async_trait]
impl Channel for LineChat {
    fn id(&self) -> &str {
        "line-chat"
    }

    fn traits(&self) -> ChannelTraits {
        ChannelTraits { text_limit: 500.into(), ..ChannelTraits::default() }
    }

    async fn accounts(&self) -> Result<Vec<Account>, ChannelError> {
        Ok(vec![Account::new("main")])
    }

    /// Serves the port until it is told to stop. What it started has ended when it returns.
    async fn run(
        &self,
        _account: &str,
        link: AccountLink,
        stop: CancellationToken,
    ) -> Result<(), ChannelError> {
        let mut talks = JoinSet::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                // An error here ends this run; the gateway starts the account again after a pause.
                accepted = self.listener.accept() => {
                    let (stream, peer) = accepted.map_err(failed)?;
                    let (reader, writer) = stream.into_split();
                    let line = Arc::new(tokio::sync::Mutex::new(writer));
                    self.people().insert(peer.to_string(), Arc::clone(&line));
                    let lines = BufReader::new(reader).lines();
                    talks.spawn(talk(link.clone(), peer.to_string(), lines, line));
                }
            }
        }
    }

    async fn send(&self, message: OutboundMessage) -> Result<SendReceipt, DeliverError> {
        let line = self.people().get(&message.to).cloned();
        let line = line.ok_or_else(|| undelivered(&message.to, "is not connected"))?;
        say(&message.to, &line, &message.payload).await?;
        Ok(SendReceipt { message_id: None })
    }
}

impl LineChat {
    fn people(&self) -> std::sync::MutexGuard<'_, HashMap<String, Line>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands one person's lines over until the connection ends. A line is queued when `submit` returns,
/// not answered: who writes fast waits for nobody else.
async fn talk(
    link: AccountLink,
    person: String,
    mut lines: Lines<BufReader<OwnedReadHalf>>,
    line: Line,
) {
    while let Ok(Some(text)) = lines.next_line().await {
        let message = InboundMessage::direct(link.key().clone(), person.clone(), text);
        let reply = Reply { person: person.clone(), line: Arc::clone(&line) };
        link.submit(message, Box::new(reply)).await;
    }
}

/// The way back of one message.
struct Reply {
    person: String,
    line: Line,
}

#[async_trait]
impl ReplySink for Reply {
    async fn deliver(&mut self, payload: ReplyPayload, _: ReplyKind) -> Result<(), DeliverError> {
        say(&self.person, &self.line, &payload).await
    }
}

async fn say(person: &str, line: &Line, payload: &ReplyPayload) -> Result<(), DeliverError> {
    // A platform that cannot send files says so; the gateway then writes their addresses.
    let text = format!("{}\n", payload.text);
    let written = line.lock().await.write_all(text.as_bytes()).await;
    written.map_err(|error| undelivered(person, &error.to_string()))
}

fn undelivered(person: &str, reason: &str) -> DeliverError {
    let (target, reason) = (person.to_owned(), reason.to_owned());
    DeliverError { target, reason, fault: Fault::Platform, retryable: false }
}

fn failed(error: io::Error) -> ChannelError {
    let reason = format!("the port is lost: {error}");
    ChannelError { reason, fault: Fault::Machine, retryable: true }
}

/// An agent in the same program; `SseDispatcher` asks one over HTTP.
struct Parrot;

#[async_trait]
impl Dispatcher for Parrot {
    async fn dispatch(
        &self,
        request: DispatchRequest,
        events: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        let answer = format!("You said: {}", request.message.text);
        let _ = events.send(ReplyEvent::Delta(answer)).await;
        Ok(Dispatched::Answered)
    }
}

/// Serves a port, chats with itself over it, and sends itself a message of its own accord.
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let chat = Arc::new(LineChat { listener, people: Mutex::default() });
    let gateway = Gateway::builder().dispatcher(Arc::new(Parrot)).channel(chat).build()?;
    let (handle, stop) = (gateway.handle(), CancellationToken::new());
    let running = tokio::spawn(gateway.run(stop.clone()));

    let mut person = BufReader::new(TcpStream::connect(address).await?);
    person.write_all(b"hello\n").await?;
    let mut said = String::new();
    person.read_line(&mut said).await?;
    let message = OutboundMessage {
        account: "main".to_owned(),
        to: person.get_ref().local_addr()?.to_string(),
        thread: None,
        reply_to: None,
        payload: ReplyPayload { text: "by the way".into(), ..ReplyPayload::default() },
    };
    handle.send("line-chat", message).await?;
    person.read_line(&mut said).await?;
    assert_eq!(said, "You said: hello\nby the way\n");
    stop.cancel();
    running.await?;
    Ok(())
}
