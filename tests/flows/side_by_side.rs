//! Several real plugins in one gateway.

use ocg_tests::agents::{Agent, Answer};
use ocg_tests::harness::{Config, DINGTALK, Gateway, Home, QQBOT, WEIXIN};
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::dingtalk::DingTalk;
use ocg_tests::platforms::qq::Qq;
use ocg_tests::platforms::wechat::{User, WeChat};

use crate::callbacks::{call_back, free_port};
use crate::network::Network;
use crate::sample;

struct Three {
    wechat: WeChat,
    qq: Qq,
    dingtalk: DingTalk,
    agent: Agent,
    home: Home,
    alice: User,
    network: Network,
}

impl Three {
    async fn new() -> Self {
        let authority = Authority::new();
        let wechat = WeChat::start().await;
        let qq = Qq::start(&authority).await;
        let dingtalk = DingTalk::start(&authority).await;
        let network = Network::new(authority, qq.routes().chain(dingtalk.routes())).await;
        let home = Home::with_plugins(&[WEIXIN, QQBOT, DINGTALK]).await;
        let alice = wechat.user("alice");
        home.log_in(&wechat, &wechat.url(), &[&alice]);
        let agent = Agent::start().await;
        let three = Self { wechat, qq, dingtalk, agent, home, alice, network };
        three.home.configure(&three.config());
        three
    }

    fn config(&self) -> Config {
        let config = Config::new(&self.agent).wechat(&self.wechat);
        // WeChat's fake is reached directly; the others have their hosts built in.
        let config = self.network.used_by(config).set(&["noProxy"], "127.0.0.1");
        config.qq(&self.qq).dingtalk(&self.dingtalk)
    }

    async fn start(&self) -> Gateway {
        let mut gateway = Gateway::start(&self.home);
        let connected = async {
            tokio::join!(
                self.wechat.until_polled(),
                self.qq.until_connected(1, 0),
                self.dingtalk.until_connected(1),
            )
        };
        gateway.alive_until(connected).await;
        gateway
    }

    async fn end(&self, gateway: Gateway) {
        gateway.stop().await;
        self.wechat.assert_no_violations();
        self.qq.calls().assert_no_violations();
        self.dingtalk.calls().assert_no_violations();
    }

    /// Someone writes on each platform; the replies, in the order WeChat, QQ, DingTalk.
    async fn chat(&self, text: &str, n: usize) -> [String; 3] {
        let (qq, dingtalk) = (self.qq.user("ALICE0001"), self.dingtalk.user("alice"));
        self.alice.says(text);
        qq.says(text);
        dingtalk.says(text);
        let (wechat, qq, dingtalk) =
            tokio::join!(self.alice.replies(n), qq.replies(n), dingtalk.replies(n));
        [wechat[n - 1].text(), qq[n - 1].text(), dingtalk[n - 1].text()].map(str::to_owned)
    }
}

#[tokio::test]

async fn three_platforms_are_answered_at_once() {
    let three = Three::new().await;
    let gateway = three.start().await;
    for (n, text) in ["one", "two", "three"].into_iter().enumerate() {
        let expected = format!("echo: {text}");
        assert_eq!(three.chat(text, n + 1).await, [&*expected, &*expected, &*expected]);
    }
    three.end(gateway).await;
}

#[tokio::test]

async fn each_channel_asks_its_own_agent() {
    let three = Three::new().await;
    let other = Agent::start().await;
    other.answers(|request| Answer::text(&format!("other: {}", request.text())));
    let config = three.config().set(&["channels", "qqbot", "agentUrl"], other.url());
    three.home.configure(&config);
    let gateway = three.start().await;
    assert_eq!(three.chat("hi", 1).await, ["echo: hi", "other: hi", "echo: hi"]);
    assert_eq!((three.agent.requests().len(), other.requests().len()), (2, 1));
    three.end(gateway).await;
}

#[tokio::test]
async fn one_channel_may_be_async_beside_others_that_are_not() {
    let three = Three::new().await;
    let config = three
        .config()
        .set(&["channels", "qqbot", "async"], true)
        .set(&["callbackHost"], "127.0.0.1")
        .set(&["callbackPort"], free_port());
    three.home.configure(&config);
    three.agent.answers(|request| match request.headers.get("x-ocg-callback") {
        Some(_) => Answer::error(202, "accepted"),
        None => Answer::text(&format!("streamed: {}", request.text())),
    });
    let gateway = three.start().await;
    let qq = three.qq.user("ALICE0001");
    qq.says("hi");
    let request = three.agent.until_asked(1).await.remove(0);
    assert_eq!(request.body["stream"], false);
    three.alice.says("hi");
    assert_eq!(three.alice.reply(1).await, "streamed: hi");
    assert!(qq.received().is_empty());
    assert_eq!(call_back(&request.headers["x-ocg-callback"], "called back").await, 200);
    assert_eq!(qq.replies(1).await[0].text(), "called back");
    three.end(gateway).await;
}

#[tokio::test]
async fn a_plugin_that_loops_for_ever_disturbs_no_other() {
    let three = Three::new().await;
    let other = Agent::start().await;
    let config = three
        .config()
        .set(&["channels", "qqbot", "agentUrl"], other.url())
        .set(&["channels", sample::CHANNEL, "agentUrl"], other.url())
        .set(&["channels", sample::CHANNEL, "enabled"], true);
    three.home.configure(&config);
    let body = "console.log('loops from now on'); for (;;) {}";
    sample::install(&three.home, &sample::source("", body)).await;
    let gateway = three.start().await;
    gateway.output().until("loops from now on").await;
    assert_eq!(three.chat("hi", 1).await, ["echo: hi"; 3]);
    gateway.output().until("without a pause").await;
    assert_eq!(three.chat("still there?", 2).await, ["echo: still there?"; 3]);
    assert_eq!(other.requests().len(), 2, "QQ's messages");
    three.end(gateway).await;
}
