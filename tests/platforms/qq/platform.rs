//! The fake as a test sees it.

use std::sync::Arc;
use std::time::Duration;

use super::bind::Bind;
use super::chat::{Chat, Said};
use super::endpoint::{Endpoint, HOSTS};
use super::gateway::Order;
use super::inbound;
use super::sending::MESSAGES_BY_ITSELF;
use super::server::Service;
use super::state::{Settings, State};
use crate::Watched;
use crate::http::Server;
use crate::platforms::api::{Calls, Front};
use crate::platforms::authority::Authority;

/// How often bots came to the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// With a new session.
    pub identified: usize,
    /// To go on with an old one.
    pub resumed: usize,
    /// Heartbeats all together.
    pub heartbeats: usize,
}

/// QQ's platform on loopback, with one bot. It serves TLS under the public names in [`HOSTS`].
#[derive(Debug)]
pub struct Qq {
    service: Service,
    server: Server,
}

/// How a [`Qq`] shall be.
#[derive(Debug, Clone)]
pub struct QqBuilder(Settings);

impl Default for QqBuilder {
    fn default() -> Self {
        Self(Settings {
            app_id: "102000001".into(),
            secret: "qq-client-secret-0815".into(),
            token_life: Duration::from_secs(7200),
            heartbeat: Duration::from_secs(20),
            reply_window: Duration::from_secs(300),
            messages_by_itself: MESSAGES_BY_ITSELF,
        })
    }
}

impl QqBuilder {
    /// How long an access token is valid; whole seconds.
    pub fn token_life(mut self, life: Duration) -> Self {
        self.0.token_life = life;
        self
    }

    /// How often the bot shall send a heartbeat.
    pub fn heartbeat(mut self, interval: Duration) -> Self {
        self.0.heartbeat = interval;
        self
    }

    /// How long after a user's message the bot may answer it.
    pub fn reply_window(mut self, window: Duration) -> Self {
        self.0.reply_window = window;
        self
    }

    /// How many messages that answer none a chat takes.
    pub fn messages_by_itself(mut self, count: usize) -> Self {
        self.0.messages_by_itself = count;
        self
    }

    /// Starts it, with certificates of `authority`.
    pub async fn start(self, authority: &Authority) -> Qq {
        let service =
            Service { state: Watched::new(State::new(self.0)), calls: Watched::default() };
        let front = Arc::new(Front(service.clone()));
        let server = Server::start(front, Some(authority.acceptor(&HOSTS))).await;
        Qq { service, server }
    }
}

impl Qq {
    /// A platform with default settings.
    pub async fn start(authority: &Authority) -> Self {
        QqBuilder::default().start(authority).await
    }

    /// A platform to be set up.
    pub fn builder() -> QqBuilder {
        QqBuilder::default()
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

    /// The bot's AppID.
    pub fn app_id(&self) -> String {
        self.service.state.read(|s| s.settings.app_id.clone())
    }

    /// The bot's AppSecret.
    pub fn secret(&self) -> String {
        self.service.state.read(|s| s.settings.secret.clone())
    }

    /// The user with this openid.
    pub fn user(&self, openid: &str) -> Chat {
        self.chat(format!("users/{openid}"))
    }

    /// The group with this openid.
    pub fn group(&self, openid: &str) -> Chat {
        self.chat(format!("groups/{openid}"))
    }

    /// The channel with this id, in the only guild.
    pub fn channel(&self, id: &str) -> Chat {
        self.chat(format!("channels/{id}"))
    }

    fn chat(&self, place: String) -> Chat {
        self.service.state.change(|s| {
            s.chats.entry(place.clone()).or_default();
        });
        Chat { place, state: self.service.state.clone() }
    }

    /// Calls so far, and what shall go wrong with the next ones.
    pub fn calls(&self) -> &Watched<Calls<Endpoint>> {
        &self.service.calls
    }

    /// How often the bot connected so far.
    pub fn connections(&self) -> Connections {
        self.service.state.read(connections)
    }

    /// Waits until the bot is connected, after at least `identified` new sessions and `resumed`
    /// resumptions, and knows every event.
    #[track_caller]
    pub fn until_connected(&self, identified: usize, resumed: usize) -> impl Future<Output = ()> {
        let what = format!("a connection after {identified} sessions and {resumed} resumptions");
        self.service.state.until(what, move |s| {
            let so_far = connections(s);
            let enough = so_far.identified >= identified && so_far.resumed >= resumed;
            (s.live.is_some() && enough).then_some(())
        })
    }

    /// Waits until the gateway's connection is gone.
    #[track_caller]
    pub fn until_disconnected(&self) -> impl Future<Output = ()> {
        self.service.state.until("the end of the connection", |s| s.live.is_none().then_some(()))
    }

    /// Waits until the bot is connected, and came more often than `before`.
    #[track_caller]
    pub fn until_more_connections(&self, before: Connections) -> impl Future<Output = ()> {
        self.service.state.until("one more connection", move |s| {
            let now = connections(s);
            let more = now.identified + now.resumed > before.identified + before.resumed;
            (s.live.is_some() && more).then_some(())
        })
    }

    /// Waits for `n` heartbeats.
    #[track_caller]
    pub fn until_heartbeats(&self, n: usize) -> impl Future<Output = ()> {
        self.service
            .state
            .until(format!("{n} heartbeats"), move |s| (s.heartbeats >= n).then_some(()))
    }

    /// The gateway's connection breaks without a word.
    pub fn drops_connection(&self) {
        self.order(Order::Drop);
    }

    /// The gateway closes the connection with `code`.
    pub fn closes_connection(&self, code: u16) {
        self.order(Order::Close(code));
    }

    /// The gateway asks the bot to reconnect.
    pub fn asks_to_reconnect(&self) {
        self.order(Order::Reconnect);
    }

    /// The gateway ends the session; it cannot be resumed.
    pub fn invalidates_session(&self) {
        self.order(Order::Invalidate);
    }

    fn order(&self, order: Order) {
        self.service.state.change(|s| s.orders.push_back(order));
    }

    /// All access tokens given out so far are void.
    pub fn forgets_tokens(&self) {
        let now = tokio::time::Instant::now();
        self.service.state.change(|s| s.tokens.iter_mut().for_each(|token| token.until = now));
    }

    /// A file in the web, under the returned address.
    pub fn hosts(&self, content_type: &str, bytes: &[u8]) -> String {
        self.service.state.change(|s| inbound::file(s, content_type, bytes))
    }

    /// Delivers a message once more.
    pub fn delivers_again(&self, said: &Said) {
        self.service.state.change(|s| inbound::post_again(s, said));
    }

    /// The `n`th QR code (from 1), once it is shown.
    #[track_caller]
    pub fn bind(&self, n: usize) -> impl Future<Output = Bind> {
        Bind::shown(&self.service.state, n)
    }
}

fn connections(state: &State) -> Connections {
    let State { identified, resumed, heartbeats, .. } = *state;
    Connections { identified, resumed, heartbeats }
}
