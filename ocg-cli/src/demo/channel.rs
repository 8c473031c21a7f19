//! A chat channel written in Rust: one user, one chat, two queues.
//!
//! It is what any native channel looks like; the gateway cannot tell it from a plugin.

use async_trait::async_trait;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use ocg_core::admit::SenderPolicy;
use ocg_core::channel::{Account, Channel, ChannelError, ChannelTraits};
use ocg_core::error::Fault;
use ocg_core::gateway::{AccountLink, Admission, StatusPatch};
use ocg_core::message::{Chat, ChatKind, InboundMessage, ReplyStyle, Sender};
use ocg_core::reply::{DeliverError, ReplyKind, ReplyPayload, ReplySink, TurnOutcome};

/// Channel id.
pub const CHANNEL: &str = "demo";
/// Its only account.
const ACCOUNT: &str = "default";
/// Its only user.
const USER: &str = "you";
/// Waiting messages and events.
const QUEUE: usize = 16;

/// What happens in the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemoEvent {
    /// The agent, or the gateway in its place, says something.
    Said(ReplyPayload),
    /// A turn is over.
    Settled(TurnOutcome),
}

/// The user's side of the chat.
pub struct DemoScreen {
    /// Says something.
    pub say: mpsc::Sender<String>,
    /// What happens then.
    pub events: mpsc::Receiver<DemoEvent>,
}

/// The gateway's side of the chat.
pub struct DemoChannel {
    spoken: Mutex<mpsc::Receiver<String>>,
    events: mpsc::Sender<DemoEvent>,
}

/// Both sides of a chat.
pub fn demo_channel() -> (DemoChannel, DemoScreen) {
    let (say, spoken) = mpsc::channel(QUEUE);
    let (events, seen) = mpsc::channel(QUEUE);
    (DemoChannel { spoken: Mutex::new(spoken), events }, DemoScreen { say, events: seen })
}

#[async_trait]
impl Channel for DemoChannel {
    fn id(&self) -> &str {
        CHANNEL
    }

    fn traits(&self) -> ChannelTraits {
        ChannelTraits { text_limit: 2_000.into(), block_min_chars: 80, ..ChannelTraits::default() }
    }

    async fn accounts(&self) -> Result<Vec<Account>, ChannelError> {
        Ok(vec![Account { name: Some("terminal".into()), ..Account::new(ACCOUNT) }])
    }

    async fn run(
        &self,
        _account: &str,
        link: AccountLink,
        stop: CancellationToken,
    ) -> Result<(), ChannelError> {
        let mut spoken = self.spoken.lock().await;
        link.status(StatusPatch { connected: Some(true), ..StatusPatch::default() });
        loop {
            let text = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                text = spoken.recv() => text,
            };
            let Some(text) = text else {
                // The screen is gone: nothing will be said any more.
                stop.cancelled().await;
                return Ok(());
            };
            let sink = Box::new(ScreenSink(self.events.clone()));
            let said = match link.submit(message(&link, text), sink).await {
                Admission::Accepted | Admission::Stopping => continue,
                Admission::Duplicate => "this was said before".to_owned(),
                Admission::Busy => "too many messages are waiting".to_owned(),
                Admission::PairingRequired => "this sender needs approval".to_owned(),
                Admission::Refused(reason) => reason,
            };
            let _ = self.events.send(DemoEvent::Said(ReplyPayload::error(said))).await;
            let _ = self.events.send(DemoEvent::Settled(TurnOutcome::Failed)).await;
        }
    }
}

fn message(link: &AccountLink, text: String) -> InboundMessage {
    InboundMessage {
        origin: link.key().clone(),
        session_key: format!("agent:main:{CHANNEL}:direct:{USER}"),
        message_id: None,
        from: format!("{CHANNEL}:{USER}"),
        chat: Chat { kind: ChatKind::Direct, id: USER.into(), ..Chat::default() },
        sender: Sender { id: USER.into(), name: None },
        text,
        quote: None,
        media: Vec::new(),
        style: ReplyStyle::default(),
        policy: SenderPolicy::default(),
    }
}

/// The way back to the screen.
struct ScreenSink(mpsc::Sender<DemoEvent>);

#[async_trait]
impl ReplySink for ScreenSink {
    async fn deliver(
        &mut self,
        payload: ReplyPayload,
        _kind: ReplyKind,
    ) -> Result<(), DeliverError> {
        self.0.send(DemoEvent::Said(payload)).await.map_err(|_| DeliverError {
            target: USER.into(),
            reason: "the terminal is closed".into(),
            fault: Fault::Machine,
            retryable: false,
        })
    }

    async fn settle(&mut self, outcome: TurnOutcome) {
        let _ = self.0.send(DemoEvent::Settled(outcome)).await;
    }
}
