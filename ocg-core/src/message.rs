//! What a channel hands over: one message from a chat user.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::admit::SenderPolicy;

/// One account of one channel: the unit that connects, fails and restarts on its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AccountKey {
    /// Channel id, as in `channels.<id>` of the configuration.
    pub channel: String,
    /// Account id within the channel.
    pub account: String,
}

impl AccountKey {
    /// The key of `account` on `channel`.
    pub fn new(channel: impl Into<String>, account: impl Into<String>) -> Self {
        Self { channel: channel.into(), account: account.into() }
    }
}

impl fmt::Display for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.channel, self.account)
    }
}

/// Where a message was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ChatKind {
    /// One person and the bot.
    #[default]
    Direct,
    /// Several people.
    Group,
    /// A broadcast channel or a room of a larger space.
    Channel,
}

/// The chat a message belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Chat {
    /// Direct, group or channel.
    pub kind: ChatKind,
    /// The platform's address of the chat: where a reply goes.
    pub id: String,
    /// Thread or topic inside the chat.
    pub thread: Option<String>,
    /// Name for people to read.
    pub label: Option<String>,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sender {
    /// The platform's stable id of the person.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
}

/// A message that the user quoted or replied to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quote {
    /// Text of the quoted message.
    pub text: String,
    /// Who wrote it, where the platform says so.
    pub sender: Option<String>,
}

/// A file that came with a message, already fetched by the channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundMedia {
    /// Where the file lies on this machine.
    pub path: PathBuf,
    /// MIME type; may be a range such as `image/*` where the platform does not say more.
    pub mime: String,
    /// The sender's name for the file.
    pub name: Option<String>,
}

/// How a turn wants its reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyStyle {
    /// Send parts of the reply as separate messages while the agent still writes.
    pub blocks: bool,
    /// The sink wants the growing text through [`crate::reply::ReplySink::partial`].
    pub live_draft: bool,
}

impl Default for ReplyStyle {
    fn default() -> Self {
        Self { blocks: true, live_draft: false }
    }
}

/// One message from a chat user, as a channel hands it over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// The account that received it.
    pub origin: AccountKey,
    /// Turns with the same key run one after the other (plugin contract §6.2).
    pub session_key: String,
    /// The platform's id of the message.
    pub message_id: Option<String>,
    /// The sender's full address, sent to the agent as `X-OCG-Target`.
    pub from: String,
    /// The chat.
    pub chat: Chat,
    /// The sender.
    pub sender: Sender,
    /// What the agent is asked.
    pub text: String,
    /// The message it replies to.
    pub quote: Option<Quote>,
    /// Images, voice and files.
    pub media: Vec<InboundMedia>,
    /// How the reply is wanted.
    pub style: ReplyStyle,
    /// Who may talk to the agent here, as configured or as the channel declares it. The journal
    /// does not keep it: a turn that is run again was admitted before.
    #[serde(skip)]
    pub policy: SenderPolicy,
}

impl InboundMessage {
    /// A text from one person to the bot, in the session that the two share. Channels that know
    /// more set the other fields.
    pub fn direct(origin: AccountKey, sender: impl Into<String>, text: impl Into<String>) -> Self {
        let (id, channel) = (sender.into(), &origin.channel);
        Self {
            session_key: format!("agent:main:{channel}:{}:direct:{id}", origin.account)
                .to_lowercase(),
            message_id: None,
            from: format!("{channel}:{id}"),
            chat: Chat { id: id.clone(), ..Chat::default() },
            sender: Sender { id, name: None },
            text: text.into(),
            quote: None,
            media: Vec::new(),
            style: ReplyStyle::default(),
            policy: SenderPolicy::default(),
            origin,
        }
    }
}
