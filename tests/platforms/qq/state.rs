//! Everything the platform remembers.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::bind::Task;
use super::gateway::{Order, Session};
use super::media::Upload;
use super::sending::Sent;
use super::token::Token;

/// How a fake is set up.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub app_id: String,
    pub secret: String,
    /// How long an access token is valid.
    pub token_life: Duration,
    /// `heartbeat_interval`, told to the bot.
    pub heartbeat: Duration,
    /// How long after a user's message a bot may answer it.
    pub reply_window: Duration,
    /// How many messages that answer none a chat takes.
    pub messages_by_itself: usize,
}

pub(super) struct State {
    pub settings: Settings,
    pub next_id: u64,
    pub tokens: Vec<Token>,
    /// By place: `users/OPENID`, `groups/OPENID` or `channels/ID`.
    pub chats: BTreeMap<String, Conversation>,
    pub messages: HashMap<String, Letter>,
    pub sessions: BTreeMap<String, Session>,
    /// The session that events go to.
    pub current: Option<String>,
    /// Connection that serves the current session; a newer one ends an older one.
    pub live: Option<u64>,
    pub orders: VecDeque<Order>,
    pub identified: usize,
    pub resumed: usize,
    pub heartbeats: usize,
    pub uploads: HashMap<String, Upload>,
    pub files: HashMap<String, (String, Vec<u8>)>,
    pub tasks: Vec<Task>,
}

/// A chat, seen from the platform.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    pub sent: Vec<Sent>,
    /// When typing was shown.
    pub typing: Vec<Instant>,
}

/// A message to the bot, for answers to it.
#[derive(Debug)]
pub(super) struct Letter {
    pub place: String,
    pub at: Instant,
    pub answers: usize,
    pub sequences: HashSet<u64>,
    /// Type and data of the event.
    pub event: (&'static str, Value),
}

/// What a failed test needs to see.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QQ")
            .field("chats", &self.chats)
            .field("messages", &self.messages.len())
            .field("tokens", &self.tokens.len())
            .field("sessions", &self.sessions)
            .field("live", &self.live)
            .field("identified", &self.identified)
            .field("resumed", &self.resumed)
            .field("heartbeats", &self.heartbeats)
            .field("tasks", &self.tasks)
            .finish_non_exhaustive()
    }
}

impl State {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            next_id: 0,
            tokens: Vec::new(),
            chats: BTreeMap::new(),
            messages: HashMap::new(),
            sessions: BTreeMap::new(),
            current: None,
            live: None,
            orders: VecDeque::new(),
            identified: 0,
            resumed: 0,
            heartbeats: 0,
            uploads: HashMap::new(),
            files: HashMap::new(),
            tasks: Vec::new(),
        }
    }

    /// A number that was not given out yet.
    pub(super) fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}
