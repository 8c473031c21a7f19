//! Telegram's Bot API, as far as bots use it: long polls and webhooks, messages in private chats,
//! groups and forums, formatting, files, buttons, reactions, commands, and the published limits.
//!
//! | file | idea |
//! |---|---|
//! | `platform` | the fake as a test sees it |
//! | `chat`, `said` | a chat in a test's hands, and what someone says in it |
//! | `method`, `server` | which calls there are, and one call's way through the fake |
//! | `parameters`, `multipart` | what a call was given: JSON, form, multipart or query |
//! | `formatting` | HTML and Markdown, as the user will see them |
//! | `sending`, `media`, `editing`, `draft` | what the bot shows in chats |
//! | `keyboard`, `reaction`, `command`, `forum` | what surrounds messages |
//! | `room` | one chat, seen from the platform |
//! | `updates`, `webhook`, `inbound` | what the bot is told, and how it gets it |
//! | `limits` | the published limits, counted |

mod chat;
mod command;
mod draft;
mod editing;
mod formatting;
mod forum;
mod inbound;
mod keyboard;
mod limits;
mod media;
mod method;
mod multipart;
mod parameters;
mod platform;
mod reaction;
mod room;
mod said;
mod sending;
mod server;
mod state;
mod updates;
mod webhook;

pub use chat::Chat;
pub use command::Command;
pub use formatting::{Entity, Formatted};
pub use keyboard::Button;
pub use limits::{Traffic, TrafficKind};
pub use method::Method;
pub use platform::{API_HOST, Telegram, TelegramBuilder, too_many};
pub use room::{Revision, Sent, SentItem};
pub use said::Said;
