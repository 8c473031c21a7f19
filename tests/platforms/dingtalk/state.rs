//! Everything the platform remembers.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::card::Card;
use super::media::Media;
use super::registration::Device;
use super::sending::Sent;
use super::stream::{Callback, Order};
use super::token::Token;

/// How a fake is set up.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub client_id: String,
    pub secret: String,
    /// How long an access token is valid.
    pub token_life: Duration,
    /// How long a session webhook is valid.
    pub webhook_life: Duration,
    /// After how long a callback without acknowledgement is sent again.
    pub redelivery: Duration,
    /// How often the platform asks whether the bot is there.
    pub ping: Duration,
}

pub(super) struct State {
    pub settings: Settings,
    pub next_id: u64,
    pub tokens: Vec<Token>,
    /// Tickets given out and not used.
    pub tickets: HashSet<String>,
    /// By id: a user's, or a group's `cid…`.
    pub chats: BTreeMap<String, Conversation>,
    /// Session webhooks: whose they are, and until when.
    pub webhooks: HashMap<String, (String, Instant)>,
    pub callbacks: Vec<Callback>,
    /// Connection that callbacks go to.
    pub live: Option<u64>,
    pub connected: usize,
    pub pongs: usize,
    pub orders: VecDeque<Order>,
    /// What bots uploaded, by `media_id`.
    pub uploads: HashMap<String, Media>,
    /// What users sent, by download code.
    pub files: HashMap<String, Media>,
    pub cards: BTreeMap<String, Card>,
    pub devices: Vec<Device>,
    pub nonces: HashSet<String>,
}

/// A chat, seen from the platform.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    pub sent: Vec<Sent>,
}

/// What a failed test needs to see.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DingTalk")
            .field("chats", &self.chats)
            .field("callbacks", &self.callbacks)
            .field("cards", &self.cards)
            .field("tokens", &self.tokens.len())
            .field("live", &self.live)
            .field("connected", &self.connected)
            .field("devices", &self.devices)
            .finish_non_exhaustive()
    }
}

impl State {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            next_id: 0,
            tokens: Vec::new(),
            tickets: HashSet::new(),
            chats: BTreeMap::new(),
            webhooks: HashMap::new(),
            callbacks: Vec::new(),
            live: None,
            connected: 0,
            pongs: 0,
            orders: VecDeque::new(),
            uploads: HashMap::new(),
            files: HashMap::new(),
            cards: BTreeMap::new(),
            devices: Vec::new(),
            nonces: HashSet::new(),
        }
    }

    /// A number that was not given out yet.
    pub(super) fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}
