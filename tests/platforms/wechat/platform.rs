//! The fake as a test sees it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use tokio::time::Instant;

use super::endpoint::Endpoint;
use super::fault::Fault;
use super::inbound;
use super::login::Qr;
use super::server::{Front, Recorded};
use super::state::{Account, Settings, State};
use super::user::{Said, User};
use crate::Watched;
use crate::http::Server;
use crate::platforms::authority::Authority;
use crate::platforms::proxy::Proxy;

/// Host that the plugin has built in for the API.
pub const API_HOST: &str = "ilinkai.weixin.qq.com";
/// Host that the plugin has built in for media.
pub const CDN_HOST: &str = "novac2c.cdn.weixin.qq.com";
/// A host that logins may be redirected to.
const OTHER_API_HOST: &str = "ilinkai-sh.weixin.qq.com";

/// A WeChat platform on loopback with one bot.
#[derive(Debug)]
pub struct WeChat {
    state: Watched<State>,
    plain: Server,
}

/// How a [`WeChat`] shall be.
#[derive(Debug, Clone)]
pub struct WeChatBuilder(Settings);

impl Default for WeChatBuilder {
    fn default() -> Self {
        Self(Settings {
            token: "b0f5860fdecb@im.bot:0123456789abcdef0123456789abcdef".into(),
            bot_id: "b0f5860fdecb@im.bot".into(),
            strict: true,
            hold: Duration::from_secs(5),
            poll_timeout_ms: 35_000,
            batch: 100,
            full_urls: true,
        })
    }
}

impl WeChatBuilder {
    /// Neither checks the shape of calls nor remembers them: for load.
    pub fn lenient(mut self) -> Self {
        self.0.strict = false;
        self
    }

    /// How long an empty poll is held.
    pub fn hold(mut self, hold: Duration) -> Self {
        self.0.hold = hold;
        self
    }

    /// Most messages in one poll.
    pub fn batch(mut self, batch: usize) -> Self {
        self.0.batch = batch;
        self
    }

    /// Gives CDN parameters only, so that the plugin builds the addresses from its built-in host.
    pub fn without_full_urls(mut self) -> Self {
        self.0.full_urls = false;
        self
    }

    /// Starts it.
    pub async fn start(self) -> WeChat {
        let state = Watched::new(State::new(self.0));
        let plain = Server::start(Arc::new(Front(state.clone())), None).await;
        state.change(|s| s.base_url = format!("http://{}", plain.address()));
        WeChat { state, plain }
    }
}

impl WeChat {
    /// A strict platform with default settings.
    pub async fn start() -> Self {
        WeChatBuilder::default().start().await
    }

    /// A platform to be set up.
    pub fn builder() -> WeChatBuilder {
        WeChatBuilder::default()
    }

    /// `http://host:port`, as the API's base address.
    pub fn url(&self) -> String {
        format!("http://{}", self.plain.address())
    }

    /// `host:port` of the plain HTTP server.
    pub fn address(&self) -> String {
        self.plain.address().to_string()
    }

    /// Closes all connections and refuses new ones, until [`Self::comes_back`].
    pub async fn goes_away(&mut self) {
        self.plain.goes_away().await;
    }

    /// Is reachable again.
    pub fn comes_back(&mut self) {
        self.plain.comes_back();
    }

    /// The bot's token.
    pub fn token(&self) -> String {
        self.state.read(|s| s.settings.token.clone())
    }

    /// The bot's id on the platform.
    pub fn bot_id(&self) -> String {
        self.state.read(|s| s.settings.bot_id.clone())
    }

    /// Also serves TLS under the platform's public names, reached through the returned proxy.
    pub async fn behind_proxy(&self, authority: &Authority) -> (Proxy, Server) {
        let tls = authority.acceptor(&[API_HOST, CDN_HOST, OTHER_API_HOST]);
        let server = Server::start(Arc::new(Front(self.state.clone())), Some(tls)).await;
        let hosts = [API_HOST, CDN_HOST, OTHER_API_HOST];
        let routes = hosts.map(|host| (format!("{host}:443"), server.address()));
        (Proxy::start(routes).await, server)
    }

    /// The user `name` (`name@im.wechat`), created on first use.
    pub fn user(&self, name: &str) -> User {
        let id = format!("{name}@im.wechat");
        self.state.change(|s| {
            s.users.entry(id.clone()).or_insert_with(|| Account {
                typing_ticket: BASE64_STANDARD.encode(format!("ticket of {id}")),
                ..Account::default()
            });
        });
        User { id, state: self.state.clone() }
    }

    /// The next call of `endpoint` goes wrong; several faults go one after the other.
    pub fn fault(&self, endpoint: Endpoint, fault: Fault) {
        self.state.change(|s| s.faults.entry(endpoint).or_default().push_back(fault));
    }

    /// Waits until every fault asked for `endpoint` has happened.
    #[track_caller]
    pub fn faults_done(&self, endpoint: Endpoint) -> impl Future<Output = ()> {
        self.state.until(format!("the faults of {endpoint:?} to happen"), move |s| {
            s.faults.get(&endpoint).is_none_or(|left| left.is_empty()).then_some(())
        })
    }

    /// Delivers a message once more under its old id.
    pub fn delivers_again(&self, said: Said) {
        self.state.change(|s| inbound::post_again(s, said.message_id));
    }

    /// The `n`th QR code (from 1), once it is shown.
    #[track_caller]
    pub fn qr(&self, n: usize) -> impl Future<Output = Qr> {
        Qr::shown(&self.state, n)
    }

    /// What bots did wrong so far.
    pub fn violations(&self) -> Vec<String> {
        self.state.read(|s| s.violations.clone())
    }

    /// Fails the test if a bot broke a rule.
    #[track_caller]
    pub fn assert_no_violations(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "the platform refused: {violations:#?}");
    }

    /// Every call so far, in order of arrival.
    pub fn requests(&self) -> Vec<Recorded> {
        self.state.read(|s| s.requests.clone())
    }

    /// Calls of `endpoint` so far.
    pub fn requests_to(&self, endpoint: Endpoint) -> Vec<Recorded> {
        self.requests().into_iter().filter(|request| request.endpoint == endpoint).collect()
    }

    /// Waits until `endpoint` was called at least `n` times.
    #[track_caller]
    pub fn until_called(&self, endpoint: Endpoint, n: usize) -> impl Future<Output = ()> {
        self.state.until(format!("{n} calls of {endpoint:?}"), move |s| {
            let calls = s.requests.iter().filter(|request| request.endpoint == endpoint).count();
            (calls >= n).then_some(())
        })
    }

    /// Waits until the bot polls and has nothing left to fetch.
    #[track_caller]
    pub fn until_polled(&self) -> impl Future<Output = ()> {
        self.state.until("an open poll", |s| {
            let fetched = s.mailbox.iter().all(|letter| letter.handed_out.is_some());
            (s.polls.open > 0 && fetched).then_some(())
        })
    }

    /// When the first poll arrived, if one did; waits for it.
    pub async fn first_poll(&self) -> Instant {
        self.state.when(|s| s.polls.first).await
    }

    /// Most polls that were open at once; more than one means two pollers on one token.
    pub fn most_polls_open(&self) -> usize {
        self.state.read(|s| s.polls.most_open)
    }

    /// How many messages users sent so far.
    pub fn messages(&self) -> usize {
        self.state.read(|s| s.mailbox.len())
    }

    /// Messages from the one at `start` (from 0) on: who sent what text, and when a poll first
    /// returned it.
    pub fn said(&self, start: usize) -> Vec<(String, String, Option<Instant>)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.state.read(|s| {
            let letters = s.mailbox[start..].iter();
            let said = letters.map(|letter| {
                let item = &letter.json["item_list"][0]["text_item"]["text"];
                (text(&letter.json["from_user_id"]), text(item), letter.handed_out)
            });
            said.collect()
        })
    }

    /// Waits, for as long as it takes, until `n` messages reached users all together.
    pub async fn until_sent(&self, n: usize) {
        self.state
            .when(|s| (s.users.values().map(|u| u.sent.len()).sum::<usize>() >= n).then_some(()))
            .await;
    }
}
