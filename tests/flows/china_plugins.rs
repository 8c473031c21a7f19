//! More plugins for platforms in China: each is installed from the npm registry, loads, and starts
//! its accounts. Their platforms do not answer.

use std::time::Duration;

use ocg_tests::harness::{
    Config, DINGTALK, DINGTALK_CHINA, FEISHU_CHINA, Gateway, Home, Plugin, QQBOT, WECOM, WECOM_APP,
    WECOM_TS, WEIXIN,
};
use serde_json::{Value, json};

/// How long accounts may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// A key as WeCom makes them.
const AES_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// Starts `plugin` with `section` as the section of `channel`; `accounts` must run, and the log
/// must have said each of `said`.
async fn starts(plugin: Plugin, channel: &str, section: Value, accounts: &[&str], said: &[&str]) {
    let home = Home::with_plugins(&[plugin]).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // The platforms are out of reach, wherever the test runs.
    let config = Config::with_agent_url("http://127.0.0.1:9/v1/chat/completions")
        .set(&["callbackHost"], "127.0.0.1")
        .set(&["callbackPort"], port)
        .set(&["proxy"], "http://127.0.0.1:9")
        .set(&["channels", channel], section);
    home.configure(&config);
    let mut gateway = Gateway::start(&home);
    let output = gateway.output().clone();
    let started = async {
        for line in said {
            output.until(line).await;
        }
        while states(&home, channel).await
            != accounts.iter().map(|id| running(id)).collect::<Vec<_>>()
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, gateway.alive_until(started)).await;
    assert!(in_time.is_ok(), "{}", output.text());

    assert_eq!(complete(&home).await, [plugin.package]);
    gateway.stop().await;
    assert!(!output.text().contains("OcgSdkNotImplemented"), "{}", output.text());
}

/// The installed packages. Each finds every name of the SDK that it imports, and every module of
/// Node but the one that starts programs (which no plugin here needs for messages).
async fn complete(home: &Home) -> Vec<String> {
    let check = home.run(&["plugins", "check", "--all", "--json"]).await.exits(0);
    let reports: Vec<Value> = serde_json::from_str(&check.stdout).unwrap();
    let package = |report: &Value| report["package"].as_str().unwrap().to_owned();
    for report in &reports {
        let (sdk, node) = (report["sdk"].as_array().unwrap(), report["node"].as_array().unwrap());
        assert!(sdk.iter().all(|name| name["support"] != "missing"), "{report}");
        let is_there =
            |module: &Value| module["status"] != "absent" || module["module"] == "child_process";
        assert!(node.iter().all(is_there), "{report}");
    }
    reports.iter().map(package).collect()
}

#[tokio::test]
async fn nothing_is_missing_for_wechat_qq_and_dingtalk() {
    let home = Home::with_plugins(&[WEIXIN, QQBOT, DINGTALK]).await;
    home.configure(&Config::with_agent_url("http://127.0.0.1:9/v1/chat/completions"));
    assert_eq!(complete(&home).await.len(), 3);
}

fn running(account: &str) -> (String, String) {
    (account.to_owned(), "running".to_owned())
}

/// Accounts of the channel and their states.
async fn states(home: &Home, channel: &str) -> Vec<(String, String)> {
    let status = home.run(&["status", "--json"]).await;
    let Ok(status) = serde_json::from_str::<Value>(&status.stdout) else { return Vec::new() };
    let accounts = status["gateway"]["accounts"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut states: Vec<(String, String)> = accounts
        .iter()
        .filter(|account| account["channel"] == channel)
        .map(|account| (text(&account["account"]), text(&account["state"])))
        .collect();
    states.sort();
    states
}

#[tokio::test]
async fn dingtalk() {
    let section = json!({"enabled": true, "clientId": "ding1", "clientSecret": "secret"});
    let said = "starting Stream connection for account default";
    starts(DINGTALK_CHINA, "dingtalk", section, &["default"], &[said]).await;
}

#[tokio::test]
async fn feishu() {
    let section = json!({"enabled": true, "appId": "cli_a1b2c3d4e5f6a7b8", "appSecret": "secret"});
    let said = "starting WebSocket connection for account default";
    starts(FEISHU_CHINA, "feishu", section, &["default"], &[said]).await;
}

/// Its startAccount resolves at once, and the account goes on.
#[tokio::test]
async fn wecom() {
    let section = json!({
        "enabled": true, "webhookPath": "/bot", "token": "t", "encodingAESKey": AES_KEY,
    });
    let said = "webhook registered at /bot for account default";
    starts(WECOM, "wecom", section, &["default"], &[said]).await;
}

/// It depends on a package that was never published.
#[tokio::test]
async fn wecom_app() {
    let section = json!({
        "enabled": true, "webhookPath": "/app", "token": "t", "encodingAESKey": AES_KEY,
        "corpId": "ww1", "corpSecret": "secret", "agentId": 1_000_002,
    });
    let said = "webhook registered at /app for account default (canSendActive=true)";
    starts(WECOM_APP, "wecom-app", section, &["default"], &[said]).await;
}

/// It is TypeScript.
#[tokio::test]
async fn wecom_in_typescript() {
    let section = json!({
        "enabled": true,
        "accounts": {
            "hook": {
                "bot": {"token": "t", "encodingAESKey": AES_KEY},
                "agent": {
                    "corpId": "ww1", "corpSecret": "secret", "agentId": 1_000_002,
                    "token": "t", "encodingAESKey": AES_KEY,
                },
            },
            "socket": {"bot": {"connectionMode": "websocket", "botId": "b1", "secret": "secret"}},
        },
    });
    let said = [
        "[hook] wecom bot webhook registered at /plugins/wecom/bot/hook",
        "[hook] wecom agent webhook registered at /plugins/wecom/agent/hook",
        "[socket] wecom bot websocket client started (botId=b1)",
        "Connection lost, reconnecting",
    ];
    starts(WECOM_TS, "wecom", section, &["hook", "socket"], &said).await;
}
