//! A channel, a sink and an agent whose every step is recorded.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use ocg_core::admit::SenderPolicy;
use ocg_core::channel::{
    Account, Channel, ChannelError, ChannelTraits, OutboundMessage, SendReceipt,
};
use ocg_core::dispatch::{AgentError, DispatchRequest, Dispatched, Dispatcher, ReplyEvent};
use ocg_core::error::Fault;
use ocg_core::gateway::{
    AccountLink, Admission, Gateway, GatewayHandle, GatewaySettings, RunReport, StatusPatch,
};
use ocg_core::message::{AccountKey, Chat, InboundMessage, ReplyStyle, Sender};
use ocg_core::reply::{DeliverError, ReplyKind, ReplyPayload, ReplySink, TurnOutcome};
use ocg_core::store::Store;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What happened in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Block(String),
    Final(String),
    Error(String),
    Media(String),
    Partial(String),
    Typing(bool),
    Settled(TurnOutcome),
}

/// Steps for people to read, one a line.
pub(crate) fn lines(steps: &[(u64, Step)]) -> String {
    let line = |(second, step): &(u64, Step)| match step {
        Step::Block(text) => format!("{second} s block: {text}\n"),
        Step::Final(text) => format!("{second} s final: {text}\n"),
        Step::Error(text) => format!("{second} s error: {text}\n"),
        Step::Media(reference) => format!("{second} s media: {reference}\n"),
        Step::Partial(text) => format!("{second} s draft: {text}\n"),
        Step::Typing(on) => format!("{second} s typing: {on}\n"),
        Step::Settled(outcome) => format!("{second} s settled: {outcome:?}\n"),
    };
    steps.iter().map(line).collect()
}

/// All steps of all chats, with the second in which each happened.
#[derive(Clone)]
pub(crate) struct Record {
    began: Instant,
    steps: Arc<Mutex<Vec<(u64, String, Step)>>>,
    changed: Arc<tokio::sync::Notify>,
}

impl Record {
    fn new() -> Self {
        Self { began: Instant::now(), steps: Arc::default(), changed: Arc::default() }
    }

    fn add(&self, chat: &str, step: Step) {
        let second = self.began.elapsed().as_secs();
        self.steps.lock().unwrap().push((second, chat.to_owned(), step));
        self.changed.notify_waiters();
    }

    /// Steps of one chat, typing left out.
    pub(crate) fn of(&self, chat: &str) -> Vec<Step> {
        self.timed(chat).into_iter().map(|(_, step)| step).collect()
    }

    /// The same with the seconds.
    pub(crate) fn timed(&self, chat: &str) -> Vec<(u64, Step)> {
        let steps = self.steps.lock().unwrap();
        let steps =
            steps.iter().filter(|(_, of, step)| of == chat && !matches!(step, Step::Typing(_)));
        steps.map(|(second, _, step)| (*second, step.clone())).collect()
    }

    pub(crate) fn typing(&self, chat: &str) -> Vec<bool> {
        let steps = self.steps.lock().unwrap();
        let steps = steps.iter().filter(|(_, of, _)| of == chat);
        steps
            .filter_map(|(_, _, step)| match step {
                Step::Typing(on) => Some(*on),
                _ => None,
            })
            .collect()
    }

    /// Returns when `chat` has been settled `times` times.
    pub(crate) async fn settled(&self, chat: &str, times: usize) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.of(chat).iter().filter(|step| matches!(step, Step::Settled(_))).count() >= times
            {
                return;
            }
            changed.await;
        }
    }
}

/// Fails as it is told: one entry per delivery, `Some(retryable)` is a failure.
pub(crate) type Failures = Vec<Option<bool>>;

pub(crate) struct RecordingSink {
    chat: String,
    record: Record,
    failures: Failures,
    panics: bool,
    hangs: bool,
}

impl RecordingSink {
    /// Returns at once, or never.
    async fn answer(&self) {
        if self.hangs {
            std::future::pending().await
        }
    }
}

#[async_trait]
impl ReplySink for RecordingSink {
    async fn deliver(
        &mut self,
        payload: ReplyPayload,
        kind: ReplyKind,
    ) -> Result<(), DeliverError> {
        assert!(!self.panics, "sink of {}", self.chat);
        self.answer().await;
        if !self.failures.is_empty()
            && let Some(retryable) = self.failures.remove(0)
        {
            return Err(DeliverError {
                target: self.chat.clone(),
                reason: "platform said no".into(),
                fault: Fault::Platform,
                retryable,
            });
        }
        for media in payload.media {
            let there = media.starts_with("http") || std::path::Path::new(&media).exists();
            assert!(there, "{media} is not there");
            self.record.add(&self.chat, Step::Media(media));
        }
        if !payload.text.is_empty() {
            let step = match kind {
                _ if payload.is_error => Step::Error(payload.text),
                ReplyKind::Block => Step::Block(payload.text),
                ReplyKind::Final => Step::Final(payload.text),
            };
            self.record.add(&self.chat, step);
        }
        Ok(())
    }

    async fn partial(&mut self, text: &str) {
        self.record.add(&self.chat, Step::Partial(text.into()));
    }

    fn typing(&mut self, on: bool) {
        self.record.add(&self.chat, Step::Typing(on));
    }

    async fn settle(&mut self, outcome: TurnOutcome) {
        self.answer().await;
        self.record.add(&self.chat, Step::Settled(outcome));
    }
}

/// What a run of an account does before it waits for the end.
pub(crate) type RunScript =
    Arc<dyn Fn(u32, AccountLink) -> BoxFuture<'static, Result<(), ChannelError>> + Send + Sync>;

/// A channel with one account, `main`, that hands its link out.
pub(crate) struct TestChannel {
    links: mpsc::UnboundedSender<AccountLink>,
    runs: Mutex<u32>,
    script: Option<RunScript>,
    accounts: Vec<Account>,
    traits: ChannelTraits,
    sent: Sent,
}

/// What a channel was given to send outside a turn.
pub(crate) type Sent = Arc<Mutex<Vec<OutboundMessage>>>;

#[async_trait]
impl Channel for TestChannel {
    fn id(&self) -> &str {
        "test"
    }

    fn traits(&self) -> ChannelTraits {
        self.traits.clone()
    }

    async fn accounts(&self) -> Result<Vec<Account>, ChannelError> {
        Ok(self.accounts.clone())
    }

    async fn run(
        &self,
        _account: &str,
        link: AccountLink,
        stop: CancellationToken,
    ) -> Result<(), ChannelError> {
        let run = {
            let mut runs = self.runs.lock().unwrap();
            *runs += 1;
            *runs
        };
        if let Some(script) = &self.script {
            tokio::select! {
                result = script(run, link) => return result,
                () = stop.cancelled() => return Ok(()),
            }
        }
        link.status(StatusPatch { connected: Some(true), ..StatusPatch::default() });
        let _ = self.links.send(link);
        stop.cancelled().await;
        Ok(())
    }

    /// Whoever is called `nobody` cannot be reached.
    async fn send(&self, message: OutboundMessage) -> Result<SendReceipt, DeliverError> {
        if message.to == "nobody" {
            return Err(DeliverError {
                target: message.to,
                reason: "no such chat".into(),
                fault: Fault::Platform,
                retryable: false,
            });
        }
        let mut sent = self.sent.lock().unwrap();
        sent.push(message);
        Ok(SendReceipt { message_id: Some(format!("m{}", sent.len())) })
    }
}

pub(crate) type Answer = BoxFuture<'static, Result<Dispatched, AgentError>>;

/// An agent made of a function.
pub(crate) struct ScriptedAgent<F>(pub(crate) F);

#[async_trait]
impl<F> Dispatcher for ScriptedAgent<F>
where
    F: Fn(DispatchRequest, mpsc::Sender<ReplyEvent>) -> Answer + Send + Sync,
{
    async fn dispatch(
        &self,
        request: DispatchRequest,
        events: mpsc::Sender<ReplyEvent>,
    ) -> Result<Dispatched, AgentError> {
        (self.0)(request, events).await
    }
}

/// An agent that waits for as many seconds as the message says and echoes it.
pub(crate) fn slow_echo(request: DispatchRequest, events: mpsc::Sender<ReplyEvent>) -> Answer {
    Box::pin(async move {
        let text = request.message.text.clone();
        let seconds = text.split(' ').find_map(|word| word.parse().ok()).unwrap_or(0);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let _ = events.send(ReplyEvent::Delta(text)).await;
        Ok(Dispatched::Answered)
    })
}

/// An agent that says these pieces, resting for the given seconds before each.
pub(crate) fn says(
    pieces: &[(u64, &str)],
) -> impl Fn(DispatchRequest, mpsc::Sender<ReplyEvent>) -> Answer + Send + Sync + use<> {
    let pieces: Vec<_> = pieces.iter().map(|(rest, text)| (*rest, (*text).to_owned())).collect();
    move |_, events| {
        let pieces = pieces.clone();
        Box::pin(async move {
            for (rest, text) in pieces {
                tokio::time::sleep(Duration::from_secs(rest)).await;
                let _ = events.send(ReplyEvent::Delta(text)).await;
            }
            Ok(Dispatched::Answered)
        })
    }
}

/// What a test changes of the usual set-up.
pub(crate) struct Setup {
    pub(crate) settings: GatewaySettings,
    pub(crate) traits: ChannelTraits,
    pub(crate) script: Option<RunScript>,
    pub(crate) accounts: Vec<Account>,
    /// The store, where a test keeps it over a restart.
    pub(crate) store: Option<Arc<dyn Store>>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            settings: GatewaySettings::default(),
            traits: ChannelTraits::default(),
            script: None,
            accounts: vec![Account::new("main")],
            store: None,
        }
    }
}

/// A gateway that runs.
pub(crate) struct Running {
    pub(crate) handle: GatewayHandle,
    pub(crate) record: Record,
    pub(crate) sent: Sent,
    links: mpsc::UnboundedReceiver<AccountLink>,
    link: Option<AccountLink>,
    shutdown: CancellationToken,
    gateway: JoinHandle<RunReport>,
}

impl Setup {
    pub(crate) fn start<F>(self, agent: F) -> Running
    where
        F: Fn(DispatchRequest, mpsc::Sender<ReplyEvent>) -> Answer + Send + Sync + 'static,
    {
        let (links_in, links) = mpsc::unbounded_channel();
        let sent = Sent::default();
        let channel = TestChannel {
            links: links_in,
            runs: Mutex::new(0),
            script: self.script,
            accounts: self.accounts,
            traits: self.traits,
            sent: Arc::clone(&sent),
        };
        let mut builder = Gateway::builder()
            .settings(self.settings)
            .dispatcher(Arc::new(ScriptedAgent(agent)))
            .channel(Arc::new(channel));
        if let Some(store) = self.store {
            builder = builder.store(store);
        }
        let gateway = builder.build().unwrap();
        let shutdown = CancellationToken::new();
        Running {
            handle: gateway.handle(),
            record: Record::new(),
            sent,
            links,
            link: None,
            gateway: tokio::spawn(gateway.run(shutdown.clone())),
            shutdown,
        }
    }
}

/// A message as the tests write it.
pub(crate) struct Said {
    pub(crate) message: InboundMessage,
    failures: Failures,
    panics: bool,
    hangs: bool,
}

pub(crate) fn said(chat: &str, text: &str) -> Said {
    let message = InboundMessage {
        origin: AccountKey::new("test", "main"),
        session_key: format!("agent:main:test:direct:{chat}"),
        message_id: Some(text.to_owned()),
        from: format!("test:{chat}"),
        chat: Chat { id: chat.into(), ..Chat::default() },
        sender: Sender { id: chat.into(), name: None },
        text: text.into(),
        quote: None,
        media: Vec::new(),
        style: ReplyStyle::default(),
        policy: SenderPolicy::default(),
    };
    Said { message, failures: Vec::new(), panics: false, hangs: false }
}

impl Said {
    pub(crate) fn style(mut self, blocks: bool, live_draft: bool) -> Self {
        self.message.style = ReplyStyle { blocks, live_draft };
        self
    }

    pub(crate) fn policy(mut self, policy: SenderPolicy) -> Self {
        self.message.policy = policy;
        self
    }

    pub(crate) fn failing(mut self, failures: Failures) -> Self {
        self.failures = failures;
        self
    }

    /// The platform never answers what is sent to it.
    pub(crate) fn hanging(mut self) -> Self {
        self.hangs = true;
        self
    }

    pub(crate) fn panicking(mut self) -> Self {
        self.panics = true;
        self
    }
}

impl Running {
    pub(crate) async fn link(&mut self) -> AccountLink {
        if self.link.is_none() {
            self.link = self.links.recv().await;
        }
        self.link.clone().unwrap()
    }

    pub(crate) async fn submit(&mut self, said: Said) -> Admission {
        let sink = RecordingSink {
            chat: said.message.chat.id.clone(),
            record: self.record.clone(),
            failures: said.failures,
            panics: said.panics,
            hangs: said.hangs,
        };
        self.link().await.submit(said.message, Box::new(sink)).await
    }

    pub(crate) fn shut_down(&self) {
        self.shutdown.cancel();
    }

    pub(crate) async fn ended(self) -> RunReport {
        self.shutdown.cancel();
        self.gateway.await.unwrap()
    }
}

/// One turn from beginning to end: what the chat saw.
pub(crate) async fn turn<F>(setup: Setup, said: Said, agent: F) -> Vec<(u64, Step)>
where
    F: Fn(DispatchRequest, mpsc::Sender<ReplyEvent>) -> Answer + Send + Sync + 'static,
{
    let chat = said.message.chat.id.clone();
    let mut running = setup.start(agent);
    assert_eq!(running.submit(said).await, Admission::Accepted);
    running.record.settled(&chat, 1).await;
    let record = running.record.clone();
    running.ended().await;
    record.timed(&chat)
}
