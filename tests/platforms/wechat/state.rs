//! Everything the platform remembers.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::time::Instant;

use super::endpoint::Endpoint;
use super::fault::Fault;
use super::login::Login;
use super::media::{Blob, Upload};
use super::sending::Sent;
use super::server::Recorded;
use super::typing::Typing;

/// How a fake is set up.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// Bearer token of the bot.
    pub token: String,
    /// The bot's own id.
    pub bot_id: String,
    /// Check the shape of every call and keep every call.
    pub strict: bool,
    /// How long an empty poll is held.
    pub hold: std::time::Duration,
    /// `longpolling_timeout_ms`, told to the bot with every poll.
    pub poll_timeout_ms: u64,
    /// Most messages in one poll.
    pub batch: usize,
    /// Give whole CDN addresses instead of parameters only.
    pub full_urls: bool,
}

pub(super) struct State {
    pub settings: Settings,
    /// `http://host:port` under which bots reach the fake.
    pub base_url: String,
    pub users: BTreeMap<String, Account>,
    pub mailbox: Vec<Letter>,
    pub next_id: u64,
    pub polls: Polls,
    pub client_ids: HashSet<String>,
    pub uploads: HashMap<String, Upload>,
    pub blobs: HashMap<String, Blob>,
    pub logins: Vec<Login>,
    pub faults: BTreeMap<Endpoint, VecDeque<Fault>>,
    pub requests: Vec<Recorded>,
    pub violations: Vec<String>,
}

/// What a failed test needs to see.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls: Vec<Endpoint> = self.requests.iter().map(|request| request.endpoint).collect();
        f.debug_struct("WeChat")
            .field("users", &self.users)
            .field("messages", &self.mailbox.len())
            .field("polls", &self.polls)
            .field("logins", &self.logins)
            .field("faults", &self.faults)
            .field("calls", &format_args!("{calls:?}"))
            .field("violations", &self.violations)
            .finish_non_exhaustive()
    }
}

/// A user, seen from the platform.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub typing_ticket: String,
    /// Tokens that the bot may answer with.
    pub context_tokens: HashSet<String>,
    pub sent: Vec<Sent>,
    pub typing: Vec<Typing>,
}

/// A message for the bot.
#[derive(Debug)]
pub(super) struct Letter {
    pub id: u64,
    pub json: Value,
    /// When a poll first returned it.
    pub handed_out: Option<Instant>,
}

#[derive(Debug, Default)]
pub(super) struct Polls {
    pub count: usize,
    pub first: Option<Instant>,
    pub open: usize,
    pub most_open: usize,
}

/// Message ids start above 2^53: a bot that reads them as doubles confuses neighbours. No two
/// platforms in a row give the same ones, as bots remember what they have answered.
fn first_id() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    7_400_000_000_000_000_001 + since.as_micros() as u64 * 2
}

impl State {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            base_url: String::new(),
            users: BTreeMap::new(),
            mailbox: Vec::new(),
            next_id: first_id(),
            polls: Polls::default(),
            client_ids: HashSet::new(),
            uploads: HashMap::new(),
            blobs: HashMap::new(),
            logins: Vec::new(),
            faults: BTreeMap::new(),
            requests: Vec::new(),
            violations: Vec::new(),
        }
    }

    /// A new message id.
    pub(super) fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// The next fault asked for `endpoint`.
    pub(super) fn fault(&mut self, endpoint: Endpoint) -> Option<Fault> {
        self.faults.get_mut(&endpoint)?.pop_front()
    }
}
