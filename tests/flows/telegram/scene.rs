//! Where the stories of Telegram play: the platform, an agent, and a home with the plugin.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, Gateway, Home, TELEGRAM};
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::proxy::Proxy;
use ocg_tests::platforms::telegram::{Telegram, TelegramBuilder};
use serde_json::Value;

use crate::network::Network;

pub(crate) struct Scene {
    pub(crate) telegram: Telegram,
    pub(crate) agent: Agent,
    pub(crate) home: Home,
    network: Network,
}

impl Scene {
    /// Everything is ready but the gateway; the bot lets everybody in.
    pub(crate) async fn new() -> Self {
        Self::with(Telegram::builder()).await
    }

    /// As [`Scene::new`], with one more setting of the channel.
    pub(crate) async fn with_setting(path: &[&str], value: impl Into<Value>) -> Self {
        let scene = Self::new().await;
        scene.set(path, value);
        scene
    }

    /// As [`Scene::new`], on a platform to be set up.
    pub(crate) async fn with(builder: TelegramBuilder) -> Self {
        let authority = Authority::new();
        let telegram = builder.start(&authority).await;
        let network = Network::new(authority, telegram.routes()).await;
        let home = Home::with_plugins(&[TELEGRAM]).await;
        let scene = Self { telegram, agent: Agent::start().await, home, network };
        scene.home.configure(&scene.config());
        scene
    }

    /// The configuration that a scene starts with.
    pub(crate) fn config(&self) -> Config {
        self.network.used_by(Config::new(&self.agent).telegram(&self.telegram))
    }

    /// The proxy that leads to the platform.
    pub(crate) fn proxy(&self) -> &Proxy {
        self.network.proxy()
    }

    /// Configures one setting of the channel beside those that a scene starts with.
    pub(crate) fn set(&self, path: &[&str], value: impl Into<Value>) {
        let path = [&["channels", "telegram"], path].concat();
        self.home.configure(&self.config().set(&path, value));
    }

    /// Starts the gateway and waits until it polls.
    pub(crate) async fn start(&self) -> Gateway {
        let polls = self.telegram.polls().len();
        let mut gateway = Gateway::start(&self.home);
        gateway.alive_until(self.telegram.until_polled(polls + 1)).await;
        gateway
    }

    /// Stops the gateway; neither platform nor agent may have had a reason to complain.
    pub(crate) async fn end(&self, gateway: Gateway) {
        let output = gateway.output().clone();
        gateway.stop().await;
        self.telegram.calls().assert_no_violations();
        self.telegram.assert_within_limits();
        self.agent.assert_no_violations();
        let output = output.text();
        assert!(!output.contains("OcgSdkNotImplemented"), "{output}");
        assert_eq!(self.telegram.conflicts(), 0, "two pollers on one token");
    }

    /// The session key of the request whose text contains `words`.
    pub(crate) fn session_of(&self, words: &str) -> String {
        let requests = self.agent.requests();
        let request = requests.iter().find(|request| request.text().contains(words));
        request.unwrap().body["user"].as_str().unwrap().to_owned()
    }
}
