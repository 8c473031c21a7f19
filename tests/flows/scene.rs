//! Where the stories play: a platform with users, an agent, and a logged-in home.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, Gateway, Home};
use ocg_tests::platforms::wechat::{User, WeChat};

pub(crate) struct Scene {
    pub(crate) wechat: WeChat,
    pub(crate) agent: Agent,
    pub(crate) home: Home,
}

impl Scene {
    /// Everything is ready but the gateway; `users` may write to the bot.
    pub(crate) async fn with_users(users: &[&str]) -> Self {
        let (wechat, agent) = (WeChat::start().await, Agent::start().await);
        let users: Vec<User> = users.iter().map(|name| wechat.user(name)).collect();
        let home = Home::logged_in(&wechat, &users.iter().collect::<Vec<_>>()).await;
        let scene = Self { wechat, agent, home };
        scene.home.configure(&scene.config());
        scene
    }

    /// The configuration that a scene starts with.
    pub(crate) fn config(&self) -> Config {
        Config::new(&self.agent).wechat(&self.wechat)
    }

    /// Starts the gateway and waits until it polls.
    pub(crate) async fn start(&self) -> Gateway {
        let mut gateway = Gateway::start(&self.home);
        gateway.alive_until(self.wechat.until_polled()).await;
        gateway
    }

    /// Stops the gateway; neither platform nor agent may have had a reason to complain.
    pub(crate) async fn end(&self, gateway: Gateway) {
        gateway.stop().await;
        self.wechat.assert_no_violations();
        self.agent.assert_no_violations();
        assert!(self.wechat.most_polls_open() <= 1, "two pollers on one token");
    }
}
