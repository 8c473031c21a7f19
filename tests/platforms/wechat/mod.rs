//! WeChat's iLink bot API, as far as bots use it: long polling, sending, typing, media through an
//! encrypted CDN, and login by QR code.
//!
//! | file | idea |
//! |---|---|
//! | `platform` | the fake as a test sees it |
//! | `user` | a WeChat user in a test's hands |
//! | `login` | QR codes, and the test's control of them |
//! | `bot` | a minimal client: the protocol from the other side |
//! | `endpoint`, `rules`, `fault` | which calls there are, what each must look like, how each may fail |
//! | `updates`, `sending`, `typing`, `media` | what the calls do |
//! | `inbound` | the JSON of messages on their way to the bot |

mod bot;
mod endpoint;
mod fault;
mod inbound;
mod login;
mod media;
mod platform;
mod rules;
mod sending;
mod server;
mod state;
mod typing;
mod updates;
mod user;

pub use bot::{Bot, Update};
pub use endpoint::Endpoint;
pub use fault::Fault;
pub use login::Qr;
pub use platform::{API_HOST, CDN_HOST, WeChat, WeChatBuilder};
pub use sending::{Sent, SentItem, TEXT_LIMIT};
pub use server::Recorded;
pub use typing::Typing;
pub use user::{Quoted, Said, User};
