//! A QQ user or group in a test's hands.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::inbound;
use super::sending::Sent;
use super::state::State;
use crate::Watched;

/// A message that someone sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The platform's id of it.
    pub message_id: String,
}

/// A chat with the bot: one user, a group, or a channel of a guild.
#[derive(Debug, Clone)]
pub struct Chat {
    pub(super) place: String,
    pub(super) state: Watched<State>,
}

impl Chat {
    /// The openid of the user or group, or the channel's id.
    pub fn id(&self) -> &str {
        self.place.split_once('/').unwrap().1
    }

    fn post(&self, sender: &str, kind: &'static str, content: &Value) -> Said {
        self.state.change(|s| inbound::post(s, &self.place, sender, kind, content))
    }

    /// The user sends a text.
    pub fn says(&self, text: &str) -> Said {
        assert!(self.place.starts_with("users/"), "members speak in groups");
        self.post(self.id(), "C2C_MESSAGE_CREATE", &json!({"content": text}))
    }

    /// A member of the group says something to the bot (`@bot text`).
    pub fn mentions(&self, member: &str, text: &str) -> Said {
        let kind = match self.place.split_once('/').unwrap().0 {
            "groups" => "GROUP_AT_MESSAGE_CREATE",
            _ => "AT_MESSAGE_CREATE",
        };
        let mentions = json!([{"is_you": true, "member_openid": "bot", "username": "bot"}]);
        let content = json!({"content": format!("<@bot> {text}"), "mentions": mentions});
        self.post(member, kind, &content)
    }

    /// A member of the group says something to nobody in particular.
    pub fn overhears(&self, member: &str, text: &str) -> Said {
        self.post(member, "GROUP_MESSAGE_CREATE", &json!({"content": text}))
    }

    /// The user sends a picture, with a text or an empty one.
    pub fn sends_image(&self, png: &[u8], text: &str) -> Said {
        self.attaches("image/png", "picture.png", png, text, &json!({}))
    }

    /// The user sends a file.
    pub fn sends_file(&self, name: &str, bytes: &[u8]) -> Said {
        self.attaches("file", name, bytes, "", &json!({}))
    }

    /// The user sends a voice message: SILK, beside it WAV and the platform's transcript.
    pub fn sends_voice(&self, silk: &[u8], wav: &[u8], transcript: &str) -> Said {
        let wav = self.state.change(|s| inbound::file(s, "audio/wav", wav));
        let extra = json!({"voice_wav_url": wav, "asr_refer_text": transcript});
        self.attaches("voice", "voice.amr", silk, "", &extra)
    }

    fn attaches(&self, kind: &str, name: &str, bytes: &[u8], text: &str, extra: &Value) -> Said {
        let served = if kind.contains('/') { kind } else { "application/octet-stream" };
        let url = self.state.change(|s| inbound::file(s, served, bytes));
        let mut attachment =
            json!({"content_type": kind, "filename": name, "size": bytes.len(), "url": url});
        for (name, value) in extra.as_object().unwrap() {
            attachment[name] = value.clone();
        }
        let content = json!({"content": text, "attachments": [attachment]});
        self.post(self.id(), "C2C_MESSAGE_CREATE", &content)
    }

    /// Everything that reached this chat.
    pub fn received(&self) -> Vec<Sent> {
        self.state.read(|s| s.chats[&self.place].sent.clone())
    }

    /// Waits until at least `n` messages reached this chat; returns all of them.
    #[track_caller]
    pub fn replies(&self, n: usize) -> impl Future<Output = Vec<Sent>> {
        let place = self.place.clone();
        self.state.until(format!("{n} replies to {place}"), move |s| {
            let all = &s.chats[&place].sent;
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
        let place = self.place.clone();
        self.state.until(format!("{words:?} to be told to {place}"), move |s| {
            let mut all = s.chats[&place].sent.iter().map(Sent::text);
            all.find(|text| text.contains(words)).map(str::to_owned)
        })
    }

    /// When typing was shown in this chat.
    pub fn typing(&self) -> Vec<Instant> {
        self.state.read(|s| s.chats[&self.place].typing.clone())
    }
}
