//! The WeChat plugin, logged in without a phone.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::plugin::Plugin;

/// The plugin.
pub const WEIXIN: Plugin = Plugin { package: PACKAGE, version: PACKAGE_VERSION };
/// The npm package.
pub const PACKAGE: &str = "@tencent-weixin/openclaw-weixin";
/// The version that the tests know.
pub const PACKAGE_VERSION: &str = "2.4.9";
/// The channel's id.
pub const CHANNEL: &str = "openclaw-weixin";

/// An account as the plugin keeps it after a login by QR code.
#[derive(Debug)]
pub struct WeixinAccount {
    /// The bot's id on the platform.
    pub bot_id: String,
    /// Its token.
    pub token: String,
    /// Where the API is.
    pub base_url: String,
    /// Ids of those who may write to the bot; the first is its owner.
    pub users: Vec<String>,
}

impl WeixinAccount {
    /// Writes the plugin's files below its state folder.
    pub fn write(&self, plugin_state: &Path) {
        // The plugin makes file names of ids this way.
        let id = self.bot_id.replace(['@', '.'], "-");
        let channel = plugin_state.join(CHANNEL);
        let account = json!({
            "token": self.token,
            "savedAt": "2026-01-01T00:00:00.000Z",
            "baseUrl": self.base_url,
            "userId": self.users.first(),
        });
        write(&channel.join("accounts.json"), &json!([id]).to_string());
        write(&channel.join("accounts").join(format!("{id}.json")), &account.to_string());
        let allowed = json!({"version": 1, "allowFrom": self.users});
        let file = format!("{CHANNEL}-{id}-allowFrom.json");
        write(&plugin_state.join("credentials").join(file), &allowed.to_string());
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).unwrap();
    fs::write(path, text).unwrap();
}
