//! The fake as a test sees it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::chat::Chat;
use super::command::Command;
use super::inbound::From;
use super::limits::{self, Traffic, Wait};
use super::method::Method;
use super::room::{Kind, Room};
use super::said::Said;
use super::server::Service;
use super::state::{Settings, State};
use super::webhook;
use crate::Watched;
use crate::http::Server;
use crate::platforms::api::{Calls, Fault, Front};
use crate::platforms::authority::Authority;

/// Where bots find the Bot API.
pub const API_HOST: &str = "api.telegram.org";

/// A refusal of the next call, as of one too many: try again after so many seconds.
pub fn too_many(seconds: u64) -> Fault {
    let body = json!({
        "ok": false, "error_code": 429,
        "description": format!("Too Many Requests: retry after {seconds}"),
        "parameters": {"retry_after": seconds},
    });
    Fault::Answer { status: 429, retry_after: Some(seconds), body }
}

/// Telegram's Bot API on loopback, with one bot. It serves TLS as [`API_HOST`], and the same
/// without TLS, as a Bot API server of one's own does.
#[derive(Debug)]
pub struct Telegram {
    service: Service,
    server: Server,
    own: Server,
    _posting: AbortOnDropHandle<()>,
}

/// How a [`Telegram`] shall be.
#[derive(Debug, Clone)]
pub struct TelegramBuilder(Settings);

impl Default for TelegramBuilder {
    fn default() -> Self {
        Self(Settings {
            token: "7000000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0".into(),
            bot_id: 7_000_000_001,
            username: "ocg_test_bot".into(),
            topics: false,
            public_address: None,
        })
    }
}

impl TelegramBuilder {
    /// Private chats with the bot have topics.
    pub fn with_private_topics(mut self) -> Self {
        self.0.topics = true;
        self
    }

    /// Webhooks, whatever their public name, lead to `address`, without TLS: the operator's
    /// reverse proxy ends it.
    pub fn public_address(mut self, address: SocketAddr) -> Self {
        self.0.public_address = Some(address);
        self
    }

    /// Starts it, with certificates of `authority`.
    pub async fn start(self, authority: &Authority) -> Telegram {
        let service =
            Service { state: Watched::new(State::new(self.0)), calls: Watched::default() };
        let front = Arc::new(Front(service.clone()));
        let own = Server::start(front.clone(), None).await;
        let server = Server::start(front, Some(authority.acceptor(&[API_HOST]))).await;
        let posting = AbortOnDropHandle::new(tokio::spawn(webhook::post(service.state.clone())));
        Telegram { service, server, own, _posting: posting }
    }
}

impl Telegram {
    /// A platform with default settings.
    pub async fn start(authority: &Authority) -> Self {
        TelegramBuilder::default().start(authority).await
    }

    /// A platform to be set up.
    pub fn builder() -> TelegramBuilder {
        TelegramBuilder::default()
    }

    /// Routes of a proxy to it.
    pub fn routes(&self) -> impl Iterator<Item = (String, SocketAddr)> + use<> {
        std::iter::once((format!("{API_HOST}:443"), self.server.address()))
    }

    /// The address of a Bot API server of one's own.
    pub fn own_url(&self) -> String {
        format!("http://{}", self.own.address())
    }

    /// Closes all connections and refuses new ones, until [`Self::comes_back`].
    pub async fn goes_away(&mut self) {
        self.server.goes_away().await;
        self.own.goes_away().await;
    }

    /// Is reachable again.
    pub fn comes_back(&mut self) {
        self.server.comes_back();
        self.own.comes_back();
    }

    /// The bot's token.
    pub fn token(&self) -> String {
        self.state().read(|s| s.settings.token.clone())
    }

    /// The bot's name, without `@`.
    pub fn username(&self) -> String {
        self.state().read(|s| s.settings.username.clone())
    }

    fn state(&self) -> &Watched<State> {
        &self.service.state
    }

    /// The private chat with a user.
    pub fn user(&self, name: &str) -> Chat {
        let id = self.state().change(|s| s.person(name));
        self.chat(id, Kind::Private, name)
    }

    /// A group without topics; somebody named `member` speaks.
    pub fn group(&self, title: &str) -> Chat {
        self.chat(group_id(title), Kind::Supergroup, title)
    }

    /// A group with topics; somebody named `member` speaks.
    pub fn forum(&self, title: &str) -> Chat {
        self.chat(group_id(title), Kind::Forum, title)
    }

    fn chat(&self, id: i64, kind: Kind, name: &str) -> Chat {
        self.state().change(|s| {
            s.rooms.entry(id).or_insert_with(|| Room::new(id, kind, name));
        });
        let speaker = if kind == Kind::Private { name } else { "member" }.to_owned();
        Chat { from: From { room: id, thread: None, speaker }, state: self.state().clone() }
    }

    /// Calls so far, and what shall go wrong with the next ones.
    pub fn calls(&self) -> &Watched<Calls<Method>> {
        &self.service.calls
    }

    /// When polls for updates arrived.
    pub fn polls(&self) -> Vec<Instant> {
        self.state().read(|s| s.updates.polls.clone())
    }

    /// How often a poll ended because of another, or was refused because of a webhook.
    pub fn conflicts(&self) -> usize {
        self.state().read(|s| s.updates.conflicts)
    }

    /// Waits until a long poll is open after at least `polls` polls: everything before it is known.
    #[track_caller]
    pub fn until_polled(&self, polls: usize) -> impl Future<Output = ()> {
        self.state().until(format!("a long poll after {polls} polls"), move |s| {
            let enough = s.updates.polls.len() >= polls && s.updates.waiting > 0;
            (enough && s.updates.queue.is_empty()).then_some(())
        })
    }

    /// Waits until polls ended `n` times because of each other.
    #[track_caller]
    pub fn until_conflicts(&self, n: usize) -> impl Future<Output = ()> {
        self.state()
            .until(format!("{n} conflicts"), move |s| (s.updates.conflicts >= n).then_some(()))
    }

    /// Waits until the bot has set a webhook; gives its address.
    #[track_caller]
    pub fn until_webhook(&self) -> impl Future<Output = String> {
        self.state().until("a webhook", |s| s.webhook.as_ref().map(|w| w.url.clone()))
    }

    /// Updates that the webhook has taken so far.
    pub fn posted(&self) -> usize {
        self.state().read(|s| s.webhook.as_ref().map_or(0, |w| w.posted))
    }

    /// Posts a message to the webhook once more, under its old number. The platform does so when
    /// the answer to the first post was lost.
    pub fn posts_again(&self, said: &Said) {
        self.state().change(|s| {
            let message = s.rooms[&said.room].messages[&said.message_id].json.clone();
            let update = json!({"update_id": said.update_id, "message": message});
            s.updates.queue.push_front(update);
        });
    }

    /// From its next call on, a chat must be left alone for so long.
    pub fn floods(&self, chat: &Chat, wait: Duration) {
        let wait = Wait { length: wait, since: None };
        self.state().change(|s| s.waits.insert(chat.id(), wait));
    }

    /// The commands that clients offer in private chats, or wherever no others are set.
    pub fn commands(&self) -> Vec<Command> {
        self.state().read(|s| {
            let lists = ["all_private_chats", "default"];
            let mut lists = lists.iter().filter_map(|list| s.commands.get(*list));
            lists.find(|list| !list.is_empty()).cloned().unwrap_or_default()
        })
    }

    /// Waits until a list of commands was set.
    #[track_caller]
    pub fn until_commands(&self) -> impl Future<Output = ()> {
        self.state().until("a list of commands", |s| {
            s.commands.values().any(|list| !list.is_empty()).then_some(())
        })
    }

    /// Sends, edits and typing so far.
    pub fn traffic(&self) -> Vec<Traffic> {
        self.state().read(|s| s.traffic.clone())
    }

    /// Where the traffic so far was more than Telegram lets through.
    pub fn breaches(&self) -> Vec<String> {
        limits::breaches(&self.traffic())
    }

    /// Fails the test if a published limit was exceeded.
    #[track_caller]
    pub fn assert_within_limits(&self) {
        let breaches = self.breaches();
        assert!(breaches.is_empty(), "Telegram would have throttled the bot: {breaches:#?}");
    }
}

/// An id that depends on the title alone.
fn group_id(title: &str) -> i64 {
    let hash =
        title.bytes().fold(7_i64, |hash, byte| (hash * 31 + i64::from(byte)) % 1_000_000_007);
    -1_000_000_000_000 - 1_000_000_000 - hash
}
