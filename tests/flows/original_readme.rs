//! What the README of the original gateway tells its users to write and to type.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Gateway, Home, QQBOT, WEIXIN};
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::wechat::{API_HOST, WeChat};
use serde_json::Value;

use crate::session::{PACKAGES, Session, VARIABLE};

/// The first `ocg.json` there.
const CONFIG: &str = r#"{
  "agentUrl": "http://127.0.0.1:11434/v1/chat/completions",
  "model": "gpt-4o",
  "apiKey": "",
  "verbose": false,
  "channels": {
    "telegram": {
      "accounts": {
        "default": {
          "enabled": true,
          "botToken": "YOUR_BOT_TOKEN_HERE"
        }
      }
    }
  }
}
"#;

/// The example of channels with agents of their own.
const PER_CHANNEL: &str = r#"{
  "agentUrl": "http://127.0.0.1:11434/v1/chat/completions",
  "channels": {
    "openclaw-weixin": {
      "accounts": {
        "default": { "enabled": true }
      }
    },
    "qqbot": {
      "enabled": true,
      "agentUrl": "http://10.0.0.5:8080/v1/chat/completions",
      "appId": "YOUR_APP_ID",
      "clientSecret": "YOUR_CLIENT_SECRET"
    }
  }
}
"#;

#[tokio::test]
async fn all_commands_are_typed_in_order() {
    let mut session = Session::new(CONFIG).await;
    for (package, _) in PACKAGES {
        session.home.run(&["plugins", "install", package]).await.exits(0);
    }

    // "Start all configured channels", in the foreground until it is stopped.
    let mut foreground = Gateway::start(&session.home);
    let output = foreground.output().clone();
    foreground.alive_until(output.until("running account=telegram/default")).await;
    session.types("ocg stop").await.exits(0);
    assert_eq!(foreground.ended().await, Some(0));

    for command in [
        "ocg start -d",
        "ocg restart",
        "ocg status",
        "ocg test",
        "ocg version",
        "ocg channels list",
        "ocg channels list --all",
        "ocg channels list --json",
        "ocg channels status",
        "ocg channels status --channel telegram --json",
        "ocg channels start --channel telegram",
        "ocg channels stop --channel telegram",
        "ocg channels restart --channel telegram",
        "ocg channels add --channel telegram --botToken \"123:abc\"",
        "ocg channels add --channel qqbot --token \"AppID:AppSecret\"",
        "ocg channels add --channel discord --token \"...\" --account ops",
        "ocg channels remove --channel telegram",
        "ocg channels login --channel openclaw-weixin",
        "ocg channels login --channel dingtalk-connector",
        "ocg plugins install @openclaw/qqbot",
        "ocg plugins list",
        // New ones, which the same user finds next.
        "ocg send --channel discord --account ops --to 4711 --text hi",
        "ocg config get model",
        "ocg config set model gpt-4o-mini",
        "ocg stop",
    ] {
        session.until_settled().await;
        session.types(command).await.exits(0);
    }
    session.types("ocg status").await.exits(3);
    insta::with_settings!({ omit_expression => true, filters => VARIABLE.to_vec() }, {
        insta::assert_snapshot!(session.take_transcript());
    });
    session.agent.assert_no_violations();
}

#[tokio::test]
async fn the_example_of_agents_per_channel_works_unchanged() {
    let wechat = WeChat::builder().without_full_urls().start().await;
    let (agent, authority) = (Agent::start().await, Authority::new());
    let (proxy, _server) = wechat.behind_proxy(&authority).await;
    let alice = wechat.user("alice");
    let home = Home::with_plugins(&[WEIXIN, QQBOT]).await;
    home.log_in(&wechat, &format!("https://{API_HOST}"), &[&alice]);
    let home = home
        .variable("HTTPS_PROXY", &proxy.http_url())
        .variable("NODE_EXTRA_CA_CERTS", authority.pem_file().to_str().unwrap())
        .variable("OCG_AGENT_URL", &agent.url());
    home.configure_text(PER_CHANNEL);
    let valid = home.run(&["config", "validate"]).await.exits(0);
    assert_eq!(valid.stderr, "", "nothing in it is dubious");

    let mut gateway = Gateway::start(&home);
    gateway.alive_until(wechat.until_polled()).await;
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    let status = home.run(&["status", "--json"]).await.exits(0);
    let status: Value = serde_json::from_str(&status.stdout).unwrap();
    let url = |channel: &str| {
        let accounts = status["gateway"]["accounts"].as_array().unwrap().iter();
        let urls = accounts.filter(|account| account["channel"] == channel);
        urls.map(|account| account["agent"]["url"]["value"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(url("openclaw-weixin"), [agent.url()]);
    assert_eq!(url("qqbot"), ["http://10.0.0.5:8080/v1/chat/completions"]);
    gateway.stop().await;
    assert_eq!(std::fs::read_to_string(home.config_file()).unwrap(), PER_CHANNEL);
    wechat.assert_no_violations();
    agent.assert_no_violations();
}
