//! A DingTalk user or group in a test's hands.

use serde_json::{Value, json};

use super::card::Card;
use super::inbound;
use super::sending::Sent;
use super::state::State;
use super::stream::Delivery;
use crate::Watched;

/// A message that someone sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The platform's id of its delivery.
    pub message_id: String,
}

/// A chat with the bot: one user, or a group.
#[derive(Debug, Clone)]
pub struct Chat {
    pub(super) id: String,
    pub(super) state: Watched<State>,
}

impl Chat {
    /// The user's id, or the group's (`cid…`).
    pub fn id(&self) -> &str {
        &self.id
    }

    fn post(&self, sender: &str, content: &Value) -> Said {
        self.state.change(|s| inbound::post(s, &self.id, sender, content))
    }

    /// The user sends a text.
    pub fn says(&self, text: &str) -> Said {
        assert!(!self.id.starts_with("cid"), "members speak in groups");
        self.mentions(&self.id, text)
    }

    /// A member of the group says something to the bot. What is said to others, DingTalk does not
    /// tell bots.
    pub fn mentions(&self, member: &str, text: &str) -> Said {
        self.post(member, &json!({"msgtype": "text", "text": {"content": text}}))
    }

    /// The user sends a picture.
    pub fn sends_image(&self, png: &[u8]) -> Said {
        self.attaches("picture", "image/png", png, json!({}))
    }

    /// The user sends a file.
    pub fn sends_file(&self, name: &str, bytes: &[u8]) -> Said {
        let kind = "application/octet-stream";
        self.attaches("file", kind, bytes, json!({"fileName": name}))
    }

    /// The user sends a voice message; the platform understands `transcript`.
    pub fn sends_voice(&self, amr: &[u8], transcript: &str) -> Said {
        let extra = json!({"duration": 1000, "recognition": transcript});
        self.attaches("audio", "audio/amr", amr, extra)
    }

    fn attaches(&self, kind: &str, content_type: &str, bytes: &[u8], mut content: Value) -> Said {
        content["downloadCode"] =
            self.state.change(|s| inbound::file(s, content_type, bytes)).into();
        self.post(&self.id, &json!({"msgtype": kind, "content": content}))
    }

    /// Everything that reached this chat, cards apart.
    pub fn received(&self) -> Vec<Sent> {
        self.state.read(|s| s.chats[&self.id].sent.clone())
    }

    /// Waits until at least `n` messages reached this chat; returns all of them.
    #[track_caller]
    pub fn replies(&self, n: usize) -> impl Future<Output = Vec<Sent>> {
        let id = self.id.clone();
        self.state.until(format!("{n} replies to {id}"), move |s| {
            let all = &s.chats[&id].sent;
            (all.len() >= n).then(|| all.clone())
        })
    }

    /// Waits for the `n`th message (from 1) and returns its text.
    #[track_caller]
    pub fn reply(&self, n: usize) -> impl Future<Output = String> {
        let replies = self.replies(n);
        async move { replies.await[n - 1].text().to_owned() }
    }

    /// Waits for a message that contains `words` and returns its text.
    #[track_caller]
    pub fn until_told(&self, words: &'static str) -> impl Future<Output = String> {
        let id = self.id.clone();
        self.state.until(format!("{words:?} to be told to {id}"), move |s| {
            let mut all = s.chats[&id].sent.iter().map(Sent::text);
            all.find(|text| text.contains(words)).map(str::to_owned)
        })
    }

    /// Waits until a card in this chat satisfies `wanted`.
    #[track_caller]
    pub fn until_card(
        &self,
        what: &str,
        wanted: impl Fn(&Card) -> bool,
    ) -> impl Future<Output = Card> {
        let id = self.id.clone();
        self.state.until(format!("a card for {id}: {what}"), move |s| {
            s.cards.values().find(|card| card.chat == id && wanted(card)).cloned()
        })
    }
}

impl Said {
    pub(super) fn delivery(&self, state: &State) -> Delivery {
        let callback = state.callbacks.iter().find(|one| one.message_id == self.message_id);
        let callback = callback.unwrap();
        Delivery { deliveries: callback.deliveries, acknowledged: callback.acknowledged }
    }
}
