//! `ocg.json`.

use serde_json::{Value, json};

use super::weixin::{CHANNEL, PACKAGE};
use crate::agents::Agent;
use crate::platforms::authority::Authority;
use crate::platforms::dingtalk::DingTalk;
use crate::platforms::proxy::Proxy;
use crate::platforms::qq::Qq;
use crate::platforms::telegram::Telegram;
use crate::platforms::wechat::WeChat;

/// A configuration file in the making.
#[derive(Debug, Clone)]
pub struct Config(Value);

impl Config {
    /// The agent and nothing else; agents fail fast, for tests of failures.
    pub fn new(agent: &Agent) -> Self {
        Self::with_agent_url(&agent.url())
    }

    /// As [`Config::new`], for an agent that may not be there.
    pub fn with_agent_url(url: &str) -> Self {
        Self(json!({"agentUrl": url, "model": "test-model"}))
    }

    /// WeChat is on, and its plugin may reach the fake platform on loopback.
    pub fn wechat(self, wechat: &WeChat) -> Self {
        self.set(&["channels", CHANNEL, "enabled"], true)
            .set(&["plugins", PACKAGE, "permissions", "net"], json!([wechat.address()]))
    }

    /// WeChat is on, and its plugin reaches the platform's public names through `proxy`.
    pub fn wechat_behind(self, proxy_url: &str, authority: &std::path::Path) -> Self {
        self.set(&["channels", CHANNEL, "enabled"], true)
            .set(&["pluginProxy"], proxy_url)
            .set(&["extraCaCerts"], json!([authority]))
    }

    /// Everything of plugins goes through `proxy`, as an HTTP proxy.
    pub fn behind(self, proxy: &Proxy, authority: &std::path::Path) -> Self {
        self.wechat_behind(&proxy.http_url(), authority)
    }

    /// QQ is on, with the bot of the fake platform, which lets everybody in.
    pub fn qq(self, qq: &Qq) -> Self {
        self.set(&["channels", "qqbot", "appId"], qq.app_id())
            .set(&["channels", "qqbot", "clientSecret"], qq.secret())
            .set(&["channels", "qqbot", "enabled"], true)
    }

    /// DingTalk is on, with the bot of the fake platform, which lets everybody in.
    pub fn dingtalk(self, dingtalk: &DingTalk) -> Self {
        self.set(&["channels", "dingtalk", "clientId"], dingtalk.client_id())
            .set(&["channels", "dingtalk", "clientSecret"], dingtalk.secret())
            .set(&["channels", "dingtalk", "enabled"], true)
    }

    /// Telegram is on, with the bot of the fake platform, which lets everybody in and answers
    /// groups that mention it.
    pub fn telegram(self, telegram: &Telegram) -> Self {
        self.set(&["channels", "telegram", "enabled"], true)
            .set(&["channels", "telegram", "botToken"], telegram.token())
            .set(&["channels", "telegram", "dmPolicy"], "open")
            .set(&["channels", "telegram", "allowFrom"], json!(["*"]))
            .set(&["channels", "telegram", "groupPolicy"], "open")
    }

    /// Plugins reach the outside through `proxy`, and trust `authority` in it.
    pub fn plugins_behind(self, proxy: &Proxy, authority: &Authority) -> Self {
        self.set(&["pluginProxy"], proxy.http_url())
            .set(&["extraCaCerts"], json!([authority.pem_file()]))
    }

    /// Sets one value.
    pub fn set(mut self, path: &[&str], value: impl Into<Value>) -> Self {
        let mut place = &mut self.0;
        for key in path {
            place = &mut place[*key];
        }
        *place = value.into();
        self
    }

    /// The file's text.
    pub fn text(&self) -> String {
        format!("{:#}\n", self.0)
    }
}
