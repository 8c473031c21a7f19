//! QQ's bot platform, as far as bots use it: access tokens, the REST API, the WebSocket gateway,
//! media, and login by QR code.
//!
//! | file | idea |
//! |---|---|
//! | `platform` | the fake as a test sees it |
//! | `chat` | a QQ user or group in a test's hands |
//! | `bind` | QR codes that give a bot's credentials away, and the test's control of them |
//! | `endpoint`, `server` | which calls there are, and one call's way through the fake |
//! | `token`, `sending`, `media` | what the calls do, and what they refuse |
//! | `gateway` | the WebSocket: identify, resume, heartbeat, events |
//! | `inbound` | the JSON of events on their way to the bot |

mod bind;
mod chat;
mod endpoint;
mod gateway;
mod inbound;
mod media;
mod platform;
mod sending;
mod server;
mod state;
mod token;

pub use bind::Bind;
pub use chat::{Chat, Said};
pub use endpoint::{Endpoint, HOSTS};
pub use platform::{Connections, Qq, QqBuilder};
pub use sending::{MESSAGES_BY_ITSELF, REPLIES_PER_MESSAGE, Sent, SentItem, TEXT_LIMIT};
