//! The WeChat plugin: installed once per build of `ocg`, copied into each test's home, and logged
//! in without a phone.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::binary;

/// The npm package.
pub const PACKAGE: &str = "@tencent-weixin/openclaw-weixin";
/// The version that the tests know.
pub const PACKAGE_VERSION: &str = "2.4.9";
/// The channel's id.
pub const CHANNEL: &str = "openclaw-weixin";

/// Puts the installed plugin into the state folder `state`.
pub(super) async fn install_into(state: &Path) {
    let template = tokio::task::spawn_blocking(template).await.unwrap();
    copy(&template, state).unwrap();
}

/// A state folder into which the real `ocg` installed the real plugin, from the npm registry. Kept
/// until `ocg` is built anew; the first test that needs it makes it.
fn template() -> PathBuf {
    let cache = binary::cache_dir();
    fs::create_dir_all(&cache).unwrap();
    let lock = File::create(cache.join("lock")).unwrap();
    lock.lock().unwrap();
    let folder = cache.join(format!("weixin-{PACKAGE_VERSION}"));
    let (state, made_by) = (folder.join("state"), folder.join("made-by"));
    let current = fingerprint();
    if fs::read_to_string(&made_by).is_ok_and(|made_by| made_by == current) {
        return state;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&state).unwrap();
    install(&state);
    fs::write(made_by, current).unwrap();
    state
}

/// Which build of `ocg` this is.
fn fingerprint() -> String {
    let binary = fs::metadata(binary::ocg()).unwrap();
    let mut hasher = DefaultHasher::new();
    (binary.len(), binary.modified().unwrap()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The environment stays, since the way to the registry (proxy, CA, `.npmrc`) may be in it.
fn install(state: &Path) {
    let mut command = std::process::Command::new(binary::ocg());
    for (name, _) in std::env::vars() {
        if name.starts_with("OCG_") || name.starts_with("OPENCLAW_") {
            command.env_remove(name);
        }
    }
    let package = format!("{PACKAGE}@{PACKAGE_VERSION}");
    let config = state.with_file_name("ocg.json");
    fs::write(&config, "{}").unwrap();
    let output = command
        .args(["plugins", "install", &package])
        .env("OCG_STATE_DIR", state)
        .env("OCG_CONFIG_PATH", &config)
        .current_dir(state)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "ocg plugins install {package} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Copies the content of `from` into `to`.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

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
