//! The fake as a test sees it.

use std::sync::Arc;
use std::time::Duration;

use super::chat::{Chat, Said};
use super::endpoint::{Endpoint, HOSTS};
use super::inbound;
use super::registration::Registration;
use super::server::Service;
use super::state::{Settings, State};
use super::stream::{Delivery, Order};
use crate::Watched;
use crate::http::Server;
use crate::platforms::api::{Calls, Front};
use crate::platforms::authority::Authority;

/// DingTalk's platform on loopback, with one bot. It serves TLS under the public names in
/// [`HOSTS`].
#[derive(Debug)]
pub struct DingTalk {
    service: Service,
    server: Server,
}

/// How a [`DingTalk`] shall be.
#[derive(Debug, Clone)]
pub struct DingTalkBuilder(Settings);

impl Default for DingTalkBuilder {
    fn default() -> Self {
        Self(Settings {
            client_id: "dingtestclient".into(),
            secret: "dingtalk-client-secret-0815".into(),
            token_life: Duration::from_secs(7200),
            webhook_life: Duration::from_secs(5400),
            redelivery: Duration::from_secs(60),
            ping: Duration::from_secs(20),
        })
    }
}

impl DingTalkBuilder {
    /// How long an access token is valid; whole seconds.
    pub fn token_life(mut self, life: Duration) -> Self {
        self.0.token_life = life;
        self
    }

    /// How long a session webhook is valid.
    pub fn webhook_life(mut self, life: Duration) -> Self {
        self.0.webhook_life = life;
        self
    }

    /// After how long a callback without acknowledgement is sent again.
    pub fn redelivery(mut self, after: Duration) -> Self {
        self.0.redelivery = after;
        self
    }

    /// How often the platform asks whether the bot is there.
    pub fn ping(mut self, interval: Duration) -> Self {
        self.0.ping = interval;
        self
    }

    /// Starts it, with certificates of `authority`.
    pub async fn start(self, authority: &Authority) -> DingTalk {
        let service =
            Service { state: Watched::new(State::new(self.0)), calls: Watched::default() };
        let front = Arc::new(Front(service.clone()));
        let server = Server::start(front, Some(authority.acceptor(&HOSTS))).await;
        DingTalk { service, server }
    }
}

impl DingTalk {
    /// A platform with default settings.
    pub async fn start(authority: &Authority) -> Self {
        DingTalkBuilder::default().start(authority).await
    }

    /// A platform to be set up.
    pub fn builder() -> DingTalkBuilder {
        DingTalkBuilder::default()
    }

    /// Routes of a proxy to it.
    pub fn routes(&self) -> impl Iterator<Item = (String, std::net::SocketAddr)> {
        let address = self.server.address();
        HOSTS.into_iter().map(move |host| (format!("{host}:443"), address))
    }

    /// Closes all connections and refuses new ones, until [`Self::comes_back`].
    pub async fn goes_away(&mut self) {
        self.server.goes_away().await;
        self.service.state.change(|s| s.live = None);
    }

    /// Is reachable again.
    pub fn comes_back(&mut self) {
        self.server.comes_back();
    }

    /// The bot's client id.
    pub fn client_id(&self) -> String {
        self.service.state.read(|s| s.settings.client_id.clone())
    }

    /// The bot's client secret.
    pub fn secret(&self) -> String {
        self.service.state.read(|s| s.settings.secret.clone())
    }

    /// The user with this id.
    pub fn user(&self, id: &str) -> Chat {
        assert!(!id.starts_with("cid"), "that is a group's id");
        self.chat(id.to_owned())
    }

    /// The group `cid<name>`.
    pub fn group(&self, name: &str) -> Chat {
        self.chat(format!("cid{name}"))
    }

    fn chat(&self, id: String) -> Chat {
        self.service.state.change(|s| {
            s.chats.entry(id.clone()).or_default();
        });
        Chat { id, state: self.service.state.clone() }
    }

    /// Calls so far, and what shall go wrong with the next ones.
    pub fn calls(&self) -> &Watched<Calls<Endpoint>> {
        &self.service.calls
    }

    /// How often the bot connected so far.
    pub fn connections(&self) -> usize {
        self.service.state.read(|s| s.connected)
    }

    /// Waits until the bot is connected for at least the `n`th time.
    #[track_caller]
    pub fn until_connected(&self, n: usize) -> impl Future<Output = ()> {
        self.service.state.until(format!("connection {n}"), move |s| {
            (s.live.is_some() && s.connected >= n).then_some(())
        })
    }

    /// Waits until the stream's connection is gone.
    #[track_caller]
    pub fn until_disconnected(&self) -> impl Future<Output = ()> {
        self.service.state.until("the end of the connection", |s| s.live.is_none().then_some(()))
    }

    /// Waits until the bot answered `n` pings.
    #[track_caller]
    pub fn until_pongs(&self, n: usize) -> impl Future<Output = ()> {
        self.service.state.until(format!("{n} pongs"), move |s| (s.pongs >= n).then_some(()))
    }

    /// The stream's connection breaks without a word.
    pub fn drops_connection(&self) {
        self.service.state.change(|s| s.orders.push_back(Order::Drop));
    }

    /// The platform announces the end of the connection and closes it.
    pub fn disconnects(&self) {
        self.service.state.change(|s| s.orders.push_back(Order::Disconnect));
    }

    /// All access tokens given out so far are void.
    pub fn forgets_tokens(&self) {
        let now = tokio::time::Instant::now();
        self.service.state.change(|s| s.tokens.iter_mut().for_each(|token| token.until = now));
    }

    /// Delivers a message once more, although it was acknowledged.
    pub fn delivers_again(&self, said: &Said) -> Said {
        self.service.state.change(|s| {
            inbound::post_again(s, said);
            let message_id = s.callbacks.last().unwrap().message_id.clone();
            Said { message_id }
        })
    }

    /// The next `n` acknowledgements of a message are lost on the way.
    pub fn overlooks(&self, said: &Said, n: usize) {
        self.service.state.change(|s| {
            let callback = s.callbacks.iter_mut().find(|one| one.message_id == said.message_id);
            callback.unwrap().overlook = n;
        });
    }

    /// How a message fared.
    pub fn delivery(&self, said: &Said) -> Delivery {
        self.service.state.read(|s| said.delivery(s))
    }

    /// Waits until a message is acknowledged; how it fared.
    #[track_caller]
    pub fn acknowledged(&self, said: &Said) -> impl Future<Output = Delivery> {
        let (said, what) = (said.clone(), format!("acknowledgement of {said:?}"));
        self.service.state.until(what, move |s| {
            let delivery = said.delivery(s);
            delivery.acknowledged.then_some(delivery)
        })
    }

    /// The `n`th registration (from 1), once it was begun.
    #[track_caller]
    pub fn registration(&self, n: usize) -> impl Future<Output = Registration> {
        Registration::begun(&self.service.state, n)
    }
}
