//! A WeChat user in a test's hands.

use super::inbound;
use super::sending::{Sent, SentItem};
use super::state::{Account, State};
use super::typing::Typing;
use crate::Watched;

/// A message that a user sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The platform's id of it.
    pub message_id: u64,
}

/// What a user quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quoted {
    /// By id alone, as newer WeChat clients do.
    Id(u64),
    /// With its text.
    Inline {
        /// Id of the quoted message.
        id: u64,
        /// Its text.
        text: String,
    },
    /// A message of this or another user, with its whole content (media included).
    Message(u64),
}

/// Someone who chats with the bot.
#[derive(Debug, Clone)]
pub struct User {
    pub(super) id: String,
    pub(super) state: Watched<State>,
}

impl User {
    /// The platform's id, ending in `@im.wechat`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Sends a text.
    pub fn says(&self, text: &str) -> Said {
        self.state.change(|s| inbound::post(s, &self.id, inbound::text(text)))
    }

    /// Sends a picture.
    pub fn sends_image(&self, bytes: &[u8]) -> Said {
        self.state.change(|s| {
            let item = inbound::image(s, bytes);
            inbound::post(s, &self.id, item)
        })
    }

    /// Sends a file.
    pub fn sends_file(&self, name: &str, bytes: &[u8]) -> Said {
        self.state.change(|s| {
            let item = inbound::file(s, name, bytes);
            inbound::post(s, &self.id, item)
        })
    }

    /// Sends a video.
    pub fn sends_video(&self, bytes: &[u8]) -> Said {
        self.state.change(|s| {
            let item = inbound::video(s, bytes);
            inbound::post(s, &self.id, item)
        })
    }

    /// Sends a voice message (SILK), transcribed by the platform or not.
    pub fn sends_voice(&self, silk: &[u8], transcript: Option<&str>) -> Said {
        self.state.change(|s| {
            let item = inbound::voice(s, silk, transcript);
            inbound::post(s, &self.id, item)
        })
    }

    /// Sends a text that quotes something.
    pub fn quotes(&self, quoted: &Quoted, text: &str) -> Said {
        self.state.change(|s| {
            let item = inbound::quote(s, quoted, text);
            inbound::post(s, &self.id, item)
        })
    }

    /// Everything that reached this user, without progress notes.
    pub fn received(&self) -> Vec<Sent> {
        self.state.read(|s| received(self.account(s)))
    }

    /// Waits until at least `n` messages reached this user; returns all of them.
    #[track_caller]
    pub fn replies(&self, n: usize) -> impl Future<Output = Vec<Sent>> {
        let id = self.id.clone();
        self.state.until(format!("{n} replies to {id}"), move |s| {
            let all = received(&s.users[&id]);
            (all.len() >= n).then_some(all)
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
            let all = received(&s.users[&id]);
            all.iter().map(Sent::text).find(|text| text.contains(words)).map(str::to_owned)
        })
    }

    /// The typing indicators that this user saw.
    pub fn typing(&self) -> Vec<Typing> {
        self.state.read(|s| self.account(s).typing.clone())
    }

    /// Waits until the typing indicators seen so far satisfy `wanted`.
    #[track_caller]
    pub fn until_typing(
        &self,
        what: &str,
        wanted: impl Fn(&[Typing]) -> bool,
    ) -> impl Future<Output = Vec<Typing>> {
        let id = self.id.clone();
        self.state.until(format!("typing indicators of {id}: {what}"), move |s| {
            let typing = &s.users[&id].typing;
            wanted(typing).then(|| typing.clone())
        })
    }

    /// From now on the bot may no longer answer this user's earlier messages.
    pub fn forgets_context(&self) {
        self.state.change(|s| s.users.get_mut(&self.id).unwrap().context_tokens.clear());
    }

    fn account<'a>(&self, state: &'a State) -> &'a Account {
        &state.users[&self.id]
    }
}

fn received(account: &Account) -> Vec<Sent> {
    let progress = |sent: &&Sent| !matches!(sent.item, SentItem::Progress(_));
    account.sent.iter().filter(progress).cloned().collect()
}
