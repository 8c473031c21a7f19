//! The limits that Telegram publishes, counted: about one message per second in a chat with short
//! bursts, 20 per minute in a group, 30 per second all together. Edits and typing count like
//! messages: the platform's flood control does not tell them apart.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::method::Method;
use super::parameters::Parameters;
use super::server::flood;
use super::state::State;
use crate::platforms::api::Refusal;

/// How much of a burst one chat takes.
const BURST: f64 = 5.0;
/// Messages per minute in a group.
const GROUP_PER_MINUTE: usize = 20;
/// Calls per second all together.
const OVERALL_PER_SECOND: usize = 30;
/// What is on its way when a chat is told to wait arrives within this time.
const ON_ITS_WAY: Duration = Duration::from_millis(250);

/// What a call does in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrafficKind {
    /// It shows a new message.
    Send,
    /// It changes one.
    Edit,
    /// It shows that the bot is at work.
    Typing,
}

/// A call that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// When it arrived.
    pub at: Instant,
    /// In which chat; groups are below zero.
    pub chat: i64,
    /// What it does.
    pub kind: TrafficKind,
}

/// A chat that is told to wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait {
    /// How long it shall be, from the next call on.
    pub length: Duration,
    /// When that call came.
    pub since: Option<Instant>,
}

fn kind_of(method: Method) -> Option<TrafficKind> {
    match method {
        Method::SendMessage
        | Method::SendRichMessage
        | Method::SendPhoto
        | Method::SendDocument
        | Method::SendVoice
        | Method::SendAudio
        | Method::SendVideo
        | Method::SendAnimation
        | Method::SendVideoNote
        | Method::SendSticker
        | Method::SendMediaGroup
        | Method::SendLocation
        | Method::SendVenue
        | Method::SendPoll => Some(TrafficKind::Send),
        Method::SendMessageDraft
        | Method::SendRichMessageDraft
        | Method::EditMessageText
        | Method::EditMessageCaption
        | Method::EditMessageReplyMarkup => Some(TrafficKind::Edit),
        Method::SendChatAction => Some(TrafficKind::Typing),
        _ => None,
    }
}

/// Counts a call, and refuses it where the chat was told to wait.
pub(super) fn admit(
    state: &mut State,
    method: Method,
    parameters: &Parameters,
) -> Result<(), Refusal> {
    let Some(chat) = parameters.integer("chat_id") else { return Ok(()) };
    let now = Instant::now();
    if let Some(kind) = kind_of(method) {
        state.traffic.push(Traffic { at: now, chat, kind });
    }
    let Some(wait) = state.waits.get_mut(&chat) else { return Ok(()) };
    let Some(since) = wait.since else {
        wait.since = Some(now);
        return Err(flood(wait.length).excused());
    };
    let passed = now - since;
    if passed >= wait.length {
        state.waits.remove(&chat);
        return Ok(());
    }
    let refusal = flood(wait.length - passed);
    Err(if passed < ON_ITS_WAY { refusal.excused() } else { refusal })
}

/// Where the traffic was more than Telegram lets through.
pub(super) fn breaches(traffic: &[Traffic]) -> Vec<String> {
    let mut chats: BTreeMap<i64, Vec<Instant>> = BTreeMap::new();
    for call in traffic {
        chats.entry(call.chat).or_default().push(call.at);
    }
    let mut breaches = Vec::new();
    for (chat, calls) in &chats {
        if let Some(at) = burst(calls) {
            breaches.push(format!("chat {chat}: more than one call per second, at call {at}"));
        }
        if *chat < 0
            && let Some(at) = window(calls, GROUP_PER_MINUTE, Duration::from_secs(60))
        {
            breaches.push(format!("group {chat}: more than 20 calls in a minute, at call {at}"));
        }
    }
    let all: Vec<Instant> = traffic.iter().map(|call| call.at).collect();
    if let Some(at) = window(&all, OVERALL_PER_SECOND, Duration::from_secs(1)) {
        breaches.push(format!("more than 30 calls in a second, at call {at}"));
    }
    breaches
}

/// The first call that a bucket of [`BURST`], refilled by one each second, does not let through.
fn burst(calls: &[Instant]) -> Option<usize> {
    let (mut left, mut before) = (BURST, *calls.first()?);
    calls.iter().position(|at| {
        left = BURST.min(left + (*at - before).as_secs_f64()) - 1.0;
        before = *at;
        left < 0.0
    })
}

/// The first call that is one too many within `span`.
fn window(calls: &[Instant], most: usize, span: Duration) -> Option<usize> {
    // Bots keep to the span when they send; on the way some time is lost or won.
    let span = span.mul_f64(0.9);
    (most..calls.len()).find(|n| calls[*n] - calls[n - most] < span)
}
