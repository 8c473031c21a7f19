//! Login by QR code in the terminal. The plugin has the login's host built in, so everything goes
//! through the proxy.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{CHANNEL, Config, Gateway, Home, Terminal};
use ocg_tests::http::Server;
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::proxy::Proxy;
use ocg_tests::platforms::wechat::{API_HOST, WeChat};

struct Newcomer {
    wechat: WeChat,
    agent: Agent,
    home: Home,
    _authority: Authority,
    _proxy: Proxy,
    _server: Server,
}

impl Newcomer {
    async fn new() -> Self {
        let wechat = WeChat::builder().without_full_urls().start().await;
        let agent = Agent::start().await;
        let authority = Authority::new();
        let (proxy, server) = wechat.behind_proxy(&authority).await;
        let home = Home::with_weixin().await;
        home.configure(&Config::new(&agent).behind(&proxy, authority.pem_file()));
        Self { wechat, agent, home, _authority: authority, _proxy: proxy, _server: server }
    }

    fn log_in(&self) -> Terminal {
        Terminal::run(&self.home, &["channels", "login", "--channel", CHANNEL])
    }

    /// The login is kept, and the gateway answers its owner.
    async fn can_chat(&self) {
        let mut gateway = Gateway::start(&self.home);
        let owner = self.wechat.user("owner");
        gateway.alive_until(self.wechat.until_polled()).await;
        owner.says("hi");
        assert_eq!(owner.reply(1).await, "echo: hi");
        gateway.stop().await;
        self.wechat.assert_no_violations();
        self.agent.assert_no_violations();
    }
}

fn base_url() -> String {
    format!("https://{API_HOST}")
}

#[tokio::test]
async fn scan_and_confirm() {
    let newcomer = Newcomer::new().await;
    let mut terminal = newcomer.log_in();
    let qr = newcomer.wechat.qr(1).await;
    terminal.screen().until(&qr.content()).await;
    qr.scan();
    terminal.screen().until("正在验证").await;
    qr.confirm(newcomer.wechat.user("owner").id(), &base_url());
    assert_eq!(terminal.ended().await, Some(0));
    newcomer.can_chat().await;
}

#[tokio::test]
async fn an_expired_code_is_replaced() {
    let newcomer = Newcomer::new().await;
    let mut terminal = newcomer.log_in();
    newcomer.wechat.qr(1).await.expire();
    let second = newcomer.wechat.qr(2).await;
    terminal.screen().until(&second.content()).await;
    second.scan();
    second.confirm(newcomer.wechat.user("owner").id(), &base_url());
    assert_eq!(terminal.ended().await, Some(0));
    // The old one is not there any more.
    assert_eq!(terminal.screen().codes(), [second.content()]);
    newcomer.can_chat().await;
}

#[tokio::test]
async fn a_verification_code_is_typed() {
    let newcomer = Newcomer::new().await;
    let mut terminal = newcomer.log_in();
    let qr = newcomer.wechat.qr(1).await;
    qr.ask_code("4711");
    terminal.screen().until("输入手机微信显示的数字").await;
    terminal.types("1234").await;
    terminal.screen().until("不匹配").await;
    terminal.types("4711").await;
    qr.code_accepted().await;
    qr.confirm(newcomer.wechat.user("owner").id(), &base_url());
    assert_eq!(terminal.ended().await, Some(0));
    newcomer.can_chat().await;
}

#[tokio::test]
async fn too_many_wrong_codes_need_a_new_qr_code() {
    let newcomer = Newcomer::new().await;
    let mut terminal = newcomer.log_in();
    let qr = newcomer.wechat.qr(1).await;
    qr.ask_code("4711");
    terminal.screen().until("输入手机微信显示的数字").await;
    for wrong in ["1", "2", "3"] {
        terminal.types(wrong).await;
        if wrong != "3" {
            let count = if wrong == "1" { 1 } else { 2 };
            terminal.screen().until_times("不匹配", count).await;
        }
    }
    qr.code_blocked().await;
    let second = newcomer.wechat.qr(2).await;
    second.confirm(newcomer.wechat.user("owner").id(), &base_url());
    assert_eq!(terminal.ended().await, Some(0));
    newcomer.wechat.assert_no_violations();
}

#[tokio::test]
async fn a_login_is_redirected_to_another_data_centre() {
    let newcomer = Newcomer::new().await;
    let mut terminal = newcomer.log_in();
    let qr = newcomer.wechat.qr(1).await;
    qr.redirect("ilinkai-sh.weixin.qq.com");
    qr.noticed().await;
    qr.confirm(newcomer.wechat.user("owner").id(), &base_url());
    assert_eq!(terminal.ended().await, Some(0));
    newcomer.can_chat().await;
}

#[tokio::test]
async fn a_bot_that_is_connected_already_is_no_failure() {
    let newcomer = Newcomer::new().await;
    let owner = newcomer.wechat.user("owner");
    newcomer.home.log_in(&newcomer.wechat, &base_url(), &[&owner]);
    let mut terminal = newcomer.log_in();
    let qr = newcomer.wechat.qr(1).await;
    assert_eq!(qr.local_tokens(), [newcomer.wechat.token()]);
    qr.already_bound();
    assert_eq!(terminal.ended().await, Some(0));
    newcomer.can_chat().await;
}

#[tokio::test]
async fn ctrl_c_ends_the_login_and_leaves_nothing_behind() {
    let newcomer = Newcomer::new().await;
    let mut terminal = newcomer.log_in();
    newcomer.wechat.qr(1).await;
    terminal.interrupts().await;
    assert_ne!(terminal.ended().await, Some(0));
    assert!(!newcomer.home.plugin_state().join(CHANNEL).join("accounts.json").exists());
}

#[tokio::test]
async fn each_command_names_the_next() {
    let newcomer = Newcomer::new().await;
    let mut terminal = newcomer.log_in();
    let qr = newcomer.wechat.qr(1).await;
    qr.scan();
    qr.confirm(newcomer.wechat.user("owner").id(), &base_url());
    assert_eq!(terminal.ended().await, Some(0));
    terminal.screen().until("`ocg start -d` starts the gateway.").await;

    let started = newcomer.home.run(&["start", "-d"]).await.exits(0);
    assert!(started.stdout.ends_with("`ocg status` shows it, `ocg stop` ends it.\n"), "{started}");
    newcomer.wechat.until_polled().await;
    let owner = newcomer.wechat.user("owner");
    owner.says("hi");
    assert_eq!(owner.reply(1).await, "echo: hi");
    newcomer.home.run(&["status"]).await.exits(0);
    newcomer.home.run(&["stop"]).await.exits(0);
}
