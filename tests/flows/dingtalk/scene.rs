//! Where the stories of DingTalk play: the platform, an agent, and a home with the plugin.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, DINGTALK, Gateway, Home};
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::dingtalk::{DingTalk, DingTalkBuilder};

use crate::network::Network;

pub(crate) struct Scene {
    pub(crate) dingtalk: DingTalk,
    pub(crate) agent: Agent,
    pub(crate) home: Home,
    network: Network,
}

impl Scene {
    /// Everything is ready but the gateway; the bot lets everybody in.
    pub(crate) async fn new() -> Self {
        Self::with(DingTalk::builder()).await
    }

    /// As [`Scene::new`], on a platform to be set up.
    pub(crate) async fn with(builder: DingTalkBuilder) -> Self {
        let authority = Authority::new();
        let dingtalk = builder.start(&authority).await;
        let network = Network::new(authority, dingtalk.routes()).await;
        let home = Home::with_plugins(&[DINGTALK]).await;
        let scene = Self { dingtalk, agent: Agent::start().await, home, network };
        scene.home.configure(&scene.config());
        scene
    }

    /// The configuration that a scene starts with.
    pub(crate) fn config(&self) -> Config {
        self.without_login().dingtalk(&self.dingtalk)
    }

    /// The configuration before a login.
    pub(crate) fn without_login(&self) -> Config {
        self.network.used_by(Config::new(&self.agent))
    }

    /// Starts the gateway and waits until the bot is connected.
    pub(crate) async fn start(&self) -> Gateway {
        let next = self.dingtalk.connections() + 1;
        let mut gateway = Gateway::start(&self.home);
        gateway.alive_until(self.dingtalk.until_connected(next)).await;
        gateway
    }

    /// Stops the gateway; neither platform nor agent may have had a reason to complain.
    pub(crate) async fn end(&self, gateway: Gateway) {
        gateway.stop().await;
        self.dingtalk.calls().assert_no_violations();
        self.agent.assert_no_violations();
    }
}
