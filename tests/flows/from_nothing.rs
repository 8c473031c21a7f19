//! A new user with nothing but the binary: four commands, each of which names the next.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Finished, Home, Terminal};
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::wechat::{API_HOST, WeChat};

/// Types `command`, which the output of the one before must contain.
#[track_caller]
fn words<'a>(command: &'a str, before: &str) -> Vec<&'a str> {
    assert!(before.contains(&format!("`{command}`")), "`{command}` is not named in:\n{before}");
    command.split(' ').skip(1).collect()
}

fn said(finished: &Finished) -> String {
    format!("{}{}", finished.stdout, finished.stderr)
}

#[tokio::test]
async fn four_commands_lead_to_an_answer() {
    let wechat = WeChat::builder().without_full_urls().start().await;
    let (agent, authority) = (Agent::start().await, Authority::new());
    let (proxy, _server) = wechat.behind_proxy(&authority).await;
    let home = Home::empty().with_registry();

    let first = home.run(&["start"]).await.exits(2);
    let install = "ocg plugins install @tencent-weixin/openclaw-weixin";
    let installed = home.run(&words(install, &said(&first))).await.exits(0);

    // From here on the plugin talks to the fake platform, and the agent is the one of this test.
    let home = home
        .variable("HTTPS_PROXY", &proxy.http_url())
        .variable("NODE_EXTRA_CA_CERTS", authority.pem_file().to_str().unwrap())
        .variable("OCG_AGENT_URL", &agent.url());
    let login = "ocg channels login --channel openclaw-weixin";
    let mut terminal = Terminal::run(&home, &words(login, &said(&installed)));
    let code = wechat.qr(1).await;
    terminal.screen().until(&code.content()).await;
    code.scan();
    code.confirm(wechat.user("owner").id(), &format!("https://{API_HOST}"));
    assert_eq!(terminal.ended().await, Some(0));

    let start = words("ocg start -d", &terminal.screen().text());
    let started = home.run(&start).await.exits(0);
    wechat.until_polled().await;
    let owner = wechat.user("owner");
    owner.says("hi");
    assert_eq!(owner.reply(1).await, "echo: hi");
    home.run(&words("ocg status", &said(&started))).await.exits(0);
    home.run(&words("ocg stop", &said(&started))).await.exits(0);
    wechat.assert_no_violations();
    agent.assert_no_violations();
}
