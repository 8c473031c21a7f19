//! The fakes and the files of one run.

use std::fs;
use std::path::Path;
use std::time::Duration;

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, WeixinAccount};
use ocg_tests::platforms::wechat::{User, WeChat};

use crate::candidate::Candidate;

/// A platform, an agent, and the users of all measurements.
pub(crate) struct Stage {
    pub(crate) wechat: WeChat,
    pub(crate) agent: Agent,
    pub(crate) users: Vec<User>,
}

impl Stage {
    pub(crate) async fn new(users: usize) -> Self {
        let hold = Duration::from_secs(30);
        let wechat = WeChat::builder().lenient().hold(hold).start().await;
        let users = (0..users).map(|n| wechat.user(&format!("user{n}"))).collect();
        Self { wechat, agent: Agent::start().await, users }
    }

    /// Writes configuration and login for `candidate`, and takes away the cursors of earlier runs.
    pub(crate) fn set(&self, candidate: &Candidate) {
        let plugin_state = candidate.state.join("openclaw");
        forget_cursors(&plugin_state.join("openclaw-weixin").join("accounts"));
        let account = WeixinAccount {
            bot_id: self.wechat.bot_id(),
            token: self.wechat.token(),
            base_url: self.wechat.url(),
            users: self.users.iter().map(|user| user.id().to_owned()).collect(),
        };
        account.write(&plugin_state);
        let text = match &candidate.config_template {
            Some(template) => self.fill_in(&fs::read_to_string(template).unwrap()),
            None => Config::new(&self.agent).wechat(&self.wechat).text(),
        };
        fs::write(candidate.config_file(), text).unwrap();
    }

    /// Replaces the placeholders for addresses.
    pub(crate) fn fill_in(&self, text: &str) -> String {
        text.replace("{agent_url}", &self.agent.url())
            .replace("{platform_url}", &self.wechat.url())
            .replace("{platform_address}", &self.wechat.address())
    }
}

fn forget_cursors(accounts: &Path) {
    let Ok(entries) = fs::read_dir(accounts) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy();
        if name.ends_with(".sync.json") || name.ends_with(".context-tokens.json") {
            fs::remove_file(&path).unwrap();
        }
    }
}
