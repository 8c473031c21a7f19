//! Everything the platform remembers.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::command::Command;
use super::keyboard::Press;
use super::limits::{Traffic, Wait};
use super::media::Stored;
use super::room::Room;
use super::updates::Updates;
use super::webhook::Webhook;

/// How a fake is set up.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub token: String,
    pub bot_id: i64,
    pub username: String,
    /// Whether private chats have topics.
    pub topics: bool,
    /// What the operator's reverse proxy leads to: where webhooks are posted.
    pub public_address: Option<SocketAddr>,
}

impl Settings {
    /// The bot as a user.
    pub(super) fn bot(&self) -> Value {
        json!({
            "id": self.bot_id, "is_bot": true, "first_name": "OCG", "username": self.username,
        })
    }

    /// `getMe`.
    pub(super) fn me(&self) -> Value {
        let mut me = self.bot();
        for (name, value) in [
            ("can_join_groups", true),
            ("can_read_all_group_messages", true),
            ("supports_inline_queries", false),
            ("supports_guest_queries", false),
            ("can_connect_to_business", false),
            ("has_main_web_app", false),
            ("has_topics_enabled", self.topics),
            ("allows_users_to_create_topics", false),
            ("can_manage_bots", false),
            ("supports_join_request_queries", false),
        ] {
            me[name] = value.into();
        }
        me
    }
}

pub(super) struct State {
    pub settings: Settings,
    pub next_id: i64,
    /// Ids of people by name.
    pub people: BTreeMap<String, i64>,
    pub rooms: BTreeMap<i64, Room>,
    pub updates: Updates,
    pub webhook: Option<Webhook>,
    pub files: BTreeMap<String, Stored>,
    pub presses: BTreeMap<String, Press>,
    /// By scope and language.
    pub commands: BTreeMap<String, Vec<Command>>,
    pub traffic: Vec<Traffic>,
    /// Chats that shall wait, or do.
    pub waits: BTreeMap<i64, Wait>,
}

/// What a failed test needs to see.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telegram")
            .field("rooms", &self.rooms)
            .field("updates", &self.updates)
            .field("webhook", &self.webhook)
            .field("presses", &self.presses)
            .field("commands", &self.commands.keys().collect::<Vec<_>>())
            .field("traffic", &self.traffic.len())
            .field("waits", &self.waits)
            .finish_non_exhaustive()
    }
}

impl State {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            next_id: 0,
            people: BTreeMap::new(),
            rooms: BTreeMap::new(),
            updates: Updates::default(),
            webhook: None,
            files: BTreeMap::new(),
            presses: BTreeMap::new(),
            commands: BTreeMap::new(),
            traffic: Vec::new(),
            waits: BTreeMap::new(),
        }
    }

    /// A number that was not given out yet.
    pub(super) fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    /// The id of someone, who is new if need be.
    pub(super) fn person(&mut self, name: &str) -> i64 {
        let known = i64::try_from(self.people.len()).unwrap();
        *self.people.entry(name.to_owned()).or_insert(5_000_001 + known)
    }

    /// Someone as a user.
    pub(super) fn user(&mut self, name: &str) -> Value {
        let id = self.person(name);
        let (first, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
        let display = format!("{}{rest}", first.to_uppercase());
        json!({
            "id": id, "is_bot": false, "first_name": display, "username": name,
            "language_code": "en",
        })
    }
}
