//! DingTalk's platform, as far as stream-mode bots use it: access tokens, the stream gateway,
//! replies by session webhook and by the robot API, media, AI cards, and device registration.
//!
//! | file | idea |
//! |---|---|
//! | `platform` | the fake as a test sees it |
//! | `chat` | a DingTalk user or group in a test's hands |
//! | `registration` | device registration, and the test's control of it |
//! | `endpoint`, `server` | which calls there are, and one call's way through the fake |
//! | `token`, `sending`, `media`, `card` | what the calls do, and what they refuse |
//! | `stream` | the WebSocket: callbacks, acknowledgements, redelivery |
//! | `inbound` | the JSON of callbacks on their way to the bot |

mod card;
mod chat;
mod endpoint;
mod inbound;
mod media;
mod platform;
mod registration;
mod sending;
mod server;
mod state;
mod stream;
mod token;

pub use card::Card;
pub use chat::{Chat, Said};
pub use endpoint::{Endpoint, HOSTS};
pub use platform::{DingTalk, DingTalkBuilder};
pub use registration::Registration;
pub use sending::{BODY_LIMIT, Sent, SentItem, Way};
pub use stream::Delivery;
