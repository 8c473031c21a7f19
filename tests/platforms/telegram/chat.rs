//! A chat in a test's hands, with someone in it who speaks.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::inbound::{self, From};
use super::media;
use super::room::{Kind, Room, Sent};
use super::said::Said;
use super::sending;
use super::state::State;
use crate::Watched;

/// A private chat with the bot, a group, or a topic of a forum.
#[derive(Debug, Clone)]
pub struct Chat {
    pub(super) from: From,
    pub(super) state: Watched<State>,
}

impl Chat {
    /// The chat's id; groups are below zero.
    pub fn id(&self) -> i64 {
        self.from.room
    }

    /// The user's id who speaks.
    pub fn speaker_id(&self) -> i64 {
        self.state.change(|s| s.person(&self.from.speaker))
    }

    /// The topic's thread.
    pub fn thread(&self) -> Option<i64> {
        self.from.thread
    }

    /// The same chat, with `name` speaking.
    pub fn member(&self, name: &str) -> Self {
        let mut chat = self.clone();
        name.clone_into(&mut chat.from.speaker);
        chat
    }

    /// A topic of this chat, which is opened if need be.
    pub fn topic(&self, name: &str) -> Self {
        let thread = self.state.change(|s| {
            let room = s.rooms.get_mut(&self.from.room).unwrap();
            let known = room.topics.iter().find(|(_, known)| *known == name).map(|(id, _)| *id);
            known.unwrap_or_else(|| {
                let id = room.next_message_id();
                room.topics.insert(id, name.to_owned());
                id
            })
        });
        let mut chat = self.clone();
        chat.from.thread = Some(thread);
        chat
    }

    fn post(&self, fields: &Value) -> Said {
        self.state.change(|s| inbound::post(s, &self.from, fields))
    }

    /// Sends a text.
    pub fn says(&self, text: &str) -> Said {
        self.post(&inbound::text_fields(text))
    }

    /// Sends a text to the bot by name.
    pub fn mentions(&self, text: &str) -> Said {
        let name = self.state.read(|s| s.settings.username.clone());
        self.says(&format!("@{name} {text}"))
    }

    /// Answers a message.
    pub fn answers(&self, message_id: i64, text: &str) -> Said {
        let mut answered =
            self.state.read(|s| s.rooms[&self.id()].messages[&message_id].json.clone());
        answered.as_object_mut().unwrap().remove("reply_to_message");
        let mut fields = inbound::text_fields(text);
        fields["reply_to_message"] = answered;
        self.post(&fields)
    }

    /// Changes what was said.
    pub fn edits(&self, said: &Said, text: &str) {
        self.state.change(|s| inbound::edit(s, said, text));
    }

    /// Deletes a message, whoever wrote it. Bots are not told.
    pub fn deletes(&self, message_id: i64) {
        self.in_room(|room| room.messages.get_mut(&message_id).unwrap().deleted = true);
    }

    /// Sends a picture, with a caption or an empty one.
    pub fn sends_photo(&self, bytes: &[u8], caption: &str) -> Said {
        self.sends("photo", None, bytes, &json!({"caption": caption}))
    }

    /// Sends several pictures at once; the caption stands below the first.
    pub fn sends_album(&self, pictures: &[&[u8]], caption: &str) {
        let group = self.state.change(|s| s.id().to_string());
        for (n, bytes) in pictures.iter().enumerate() {
            let caption = if n == 0 { caption } else { "" };
            let fields = json!({"caption": caption, "media_group_id": group});
            self.sends("photo", None, bytes, &fields);
        }
    }

    /// Sends a voice message.
    pub fn sends_voice(&self, ogg: &[u8]) -> Said {
        self.sends("voice", None, ogg, &json!({}))
    }

    /// Sends a file.
    pub fn sends_document(&self, name: &str, bytes: &[u8]) -> Said {
        self.sends("document", Some(name), bytes, &json!({}))
    }

    /// Sends a sticker that says 👍.
    pub fn sends_sticker(&self, webp: &[u8]) -> Said {
        self.sends("sticker", None, webp, &json!({}))
    }

    /// Sends a file that claims to be so large; it has no content.
    pub fn sends_large_document(&self, name: &str, size: usize) -> Said {
        self.state.change(|s| {
            let id = media::keep(s, "document", Some(name.to_owned()), Vec::new());
            s.files.get_mut(&id).unwrap().size = size;
            let fields = media::describe(s, "document", &id);
            inbound::post(s, &self.from, &fields)
        })
    }

    fn sends(&self, kind: &'static str, name: Option<&str>, bytes: &[u8], more: &Value) -> Said {
        self.state.change(|s| {
            let id = media::keep(s, kind, name.map(str::to_owned), bytes.to_vec());
            let mut fields = media::describe(s, kind, &id);
            for (name, value) in more.as_object().unwrap() {
                if value != "" {
                    fields[name] = value.clone();
                }
            }
            inbound::post(s, &self.from, &fields)
        })
    }

    /// Sends a place.
    pub fn sends_location(&self, latitude: f64, longitude: f64) -> Said {
        self.post(&json!({"location": {"latitude": latitude, "longitude": longitude}}))
    }

    /// Another program with the bot's token has shown a message with buttons: what each says, and
    /// its data. Gives the message's id.
    pub fn is_shown_buttons(&self, text: &str, buttons: &[(&str, &str)]) -> i64 {
        self.state.change(|s| sending::show_buttons(s, &self.from, text, buttons))
    }

    /// Presses a button below a message; gives the press.
    pub fn presses(&self, message_id: i64, label: &str) -> String {
        self.state.change(|s| inbound::press(s, &self.from, message_id, label))
    }

    /// Waits until the bot has answered a press.
    #[track_caller]
    pub fn until_answered(&self, press: &str) -> impl Future<Output = String> {
        let press = press.to_owned();
        let what = format!("an answer to the press {press}");
        self.state.until(what, move |s| s.presses.get(&press)?.answer.clone())
    }

    /// Reacts to a message.
    pub fn reacts(&self, message_id: i64, emoji: &str) {
        self.state.change(|s| inbound::react(s, &self.from, message_id, emoji));
    }

    /// Blocks the bot, or lets it in again.
    pub fn blocks(&self, blocked: bool) {
        self.in_room(|room| room.blocked = blocked);
    }

    fn in_room<R>(&self, act: impl FnOnce(&mut Room) -> R) -> R {
        self.state.change(|s| act(s.rooms.get_mut(&self.from.room).unwrap()))
    }

    /// The messages of the bot's that the chat (or the topic) shows.
    pub fn received(&self) -> Vec<Sent> {
        self.state.read(|s| s.rooms[&self.id()].shown(self.from.thread))
    }

    /// What they say.
    pub fn texts(&self) -> Vec<String> {
        self.received().iter().map(Sent::text).collect()
    }

    /// Waits until the chat shows at least `n` messages of the bot's; returns all of them.
    #[track_caller]
    pub fn replies(&self, n: usize) -> impl Future<Output = Vec<Sent>> {
        self.until_shown(format!("{n} replies"), move |all| all.len() >= n)
    }

    /// Waits until what the chat shows is as `enough` wants it.
    #[track_caller]
    pub fn until_shown(
        &self,
        what: impl Into<String>,
        enough: impl Fn(&[Sent]) -> bool,
    ) -> impl Future<Output = Vec<Sent>> {
        let (room, thread) = (self.id(), self.from.thread);
        self.state.until(format!("{} in chat {room}", what.into()), move |s| {
            let shown = s.rooms[&room].shown(thread);
            enough(&shown).then_some(shown)
        })
    }

    /// Waits until a message says `text`, with nothing before and after it, and returns it.
    #[track_caller]
    pub fn until_says(&self, text: &str) -> impl Future<Output = Sent> {
        let (wanted, again) = (text.to_owned(), text.to_owned());
        let shown = self.until_shown(format!("{text:?}"), move |all| {
            all.iter().any(|sent| sent.text() == wanted)
        });
        async move { shown.await.into_iter().find(|sent| sent.text() == again).unwrap() }
    }

    /// Waits for a message that contains `words` and returns it.
    #[track_caller]
    pub fn until_told(&self, words: &str) -> impl Future<Output = Sent> {
        let (wanted, again) = (words.to_owned(), words.to_owned());
        let shown = self.until_shown(format!("{words:?} to be told"), move |all| {
            all.iter().any(|sent| sent.text().contains(&wanted))
        });
        async move { shown.await.into_iter().find(|sent| sent.text().contains(&again)).unwrap() }
    }

    /// When the bot was shown to be at work.
    pub fn typing(&self) -> Vec<Instant> {
        let thread = self.from.thread;
        self.in_room(|room| {
            let actions = room.actions.iter();
            actions.filter(|a| thread.is_none() || a.thread == thread).map(|a| a.at).collect()
        })
    }

    /// The bot's reaction to a message.
    pub fn reaction(&self, message_id: i64) -> Option<String> {
        self.in_room(|room| room.messages[&message_id].reaction.clone())
    }

    /// Waits until the bot reacts to a message.
    #[track_caller]
    pub fn until_reacted(&self, message_id: i64) -> impl Future<Output = String> {
        let room = self.id();
        self.state.until(format!("a reaction to {message_id} in chat {room}"), move |s| {
            s.rooms[&room].messages[&message_id].reaction.clone()
        })
    }

    /// Whether the chat is a user's own.
    pub fn is_private(&self) -> bool {
        self.in_room(|room| room.kind == Kind::Private)
    }
}
