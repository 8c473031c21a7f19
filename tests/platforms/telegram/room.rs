//! One chat, seen from the platform.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::draft::Draft;
use super::formatting::Formatted;
use super::keyboard::Button;
use super::state::State;

/// What kind of chat it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Private,
    Supergroup,
    Forum,
}

#[derive(Debug)]
pub(super) struct Room {
    pub id: i64,
    pub kind: Kind,
    /// Of the user, or the group's title.
    pub name: String,
    /// Names of topics by the id of their thread.
    pub topics: BTreeMap<i64, String>,
    pub messages: BTreeMap<i64, Message>,
    pub actions: Vec<Action>,
    pub drafts: Vec<Draft>,
    /// The user has blocked the bot.
    pub blocked: bool,
    pub pinned: Vec<i64>,
}

/// A chat action: the bot is at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Action {
    pub at: Instant,
    pub thread: Option<i64>,
    pub action: String,
}

/// A message, whoever wrote it.
pub(super) struct Message {
    /// As in updates and answers.
    pub json: Value,
    /// If it is the bot's.
    pub sent: Option<Sent>,
    /// The bot's reaction.
    pub reaction: Option<String>,
    pub deleted: bool,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gone = if self.deleted { "deleted " } else { "" };
        match &self.sent {
            Some(sent) => write!(f, "{gone}sent: {:?}", sent.item),
            None => write!(f, "{gone}received: {}", self.json["text"]),
        }
    }
}

/// A message of the bot's that a chat shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// When it arrived.
    pub at: Instant,
    /// Its id in the chat.
    pub message_id: i64,
    /// The topic in which it stands.
    pub thread: Option<i64>,
    /// The message that it answers.
    pub replies_to: Option<i64>,
    /// What it says.
    pub item: SentItem,
    /// Buttons below it, row by row.
    pub keyboard: Vec<Vec<Button>>,
    /// What it said before, from the first on; the last is what it says now.
    pub revisions: Vec<Revision>,
}

/// What a message said for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Since when.
    pub at: Instant,
    /// The text.
    pub text: String,
}

/// What a message consists of.
#[derive(Clone, PartialEq)]
pub enum SentItem {
    /// A text.
    Text(Formatted),
    /// A rich message: what is read in it.
    Rich(String),
    /// A file.
    Media {
        /// `photo`, `voice`, `document` and so on.
        kind: &'static str,
        /// Its name, if it came with one.
        name: Option<String>,
        /// Its content.
        bytes: Vec<u8>,
        /// The text below it.
        caption: Formatted,
    },
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// What the place is called.
        title: Option<String>,
    },
    /// A question with answers to choose from.
    Poll {
        /// The question.
        question: String,
        /// The answers.
        options: Vec<String>,
    },
}

impl Sent {
    /// The text or caption, or what kind of thing it is.
    pub fn text(&self) -> String {
        match &self.item {
            SentItem::Text(formatted) => formatted.text.clone(),
            SentItem::Rich(text) => text.clone(),
            SentItem::Media { kind, caption, .. } if caption.text.is_empty() => format!("[{kind}]"),
            SentItem::Media { caption, .. } => caption.text.clone(),
            SentItem::Location { .. } => "[location]".into(),
            SentItem::Poll { question, .. } => question.clone(),
        }
    }

    /// The texts that look like `kind` (`bold`, `pre`, `text_link` …).
    pub fn spans(&self, kind: &str) -> Vec<String> {
        match &self.item {
            SentItem::Text(formatted) | SentItem::Media { caption: formatted, .. } => {
                formatted.spans(kind)
            }
            _ => Vec::new(),
        }
    }
}

impl fmt::Debug for SentItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({:?})", text.text),
            Self::Rich(text) => write!(f, "Rich({text:?})"),
            Self::Media { kind, name, bytes, caption } => {
                let length = bytes.len();
                write!(f, "Media({kind}, {length} bytes, {name:?}, {:?})", caption.text)
            }
            Self::Location { latitude, longitude, title } => {
                write!(f, "Location({latitude}, {longitude}, {title:?})")
            }
            Self::Poll { question, options } => write!(f, "Poll({question:?}, {options:?})"),
        }
    }
}

impl Room {
    pub(super) fn new(id: i64, kind: Kind, name: &str) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            topics: BTreeMap::new(),
            messages: BTreeMap::new(),
            actions: Vec::new(),
            drafts: Vec::new(),
            blocked: false,
            pinned: Vec::new(),
        }
    }

    /// The id for the next message. Each chat counts for itself: ids of two chats collide.
    pub(super) fn next_message_id(&self) -> i64 {
        // Topics are named after the messages that opened them.
        let last = self.messages.last_key_value().map_or(0, |(id, _)| *id);
        last.max(self.topics.last_key_value().map_or(0, |(id, _)| *id)).max(100) + 1
    }

    /// A message that is still there.
    pub(super) fn message(&self, id: i64) -> Option<&Message> {
        self.messages.get(&id).filter(|message| !message.deleted)
    }

    /// What the chat shows of the bot, in order.
    pub(super) fn shown(&self, thread: Option<i64>) -> Vec<Sent> {
        let shown = self.messages.values().filter(|message| !message.deleted);
        let sent = shown.filter_map(|message| message.sent.clone());
        sent.filter(|sent| thread.is_none() || sent.thread == thread).collect()
    }
}

impl State {
    /// A chat as a `Chat`.
    pub(super) fn chat_json(&mut self, id: i64) -> Value {
        let room = &self.rooms[&id];
        let (kind, name) = (room.kind, room.name.clone());
        if kind == Kind::Private {
            let user = self.user(&name);
            return json!({
                "id": id, "type": "private", "first_name": user["first_name"], "username": name,
            });
        }
        let mut chat = json!({"id": id, "type": "supergroup", "title": name});
        if kind == Kind::Forum {
            chat["is_forum"] = true.into();
        }
        chat
    }
}
