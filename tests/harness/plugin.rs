//! Real plugins: installed once until the installer changes, copied into each test's home.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::binary;

/// A published plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plugin {
    /// The npm package.
    pub package: &'static str,
    /// The version that the tests know.
    pub version: &'static str,
}

/// The QQ plugin; its channel is `qqbot`.
pub const QQBOT: Plugin = Plugin { package: "@openclaw/qqbot", version: "2026.7.35" };
/// The DingTalk plugin; its channel is `dingtalk`.
pub const DINGTALK: Plugin = Plugin { package: "@soimy/dingtalk", version: "3.6.7" };
/// The WeCom plugin of the older kind, whose handler sees every request; its channel is `wecom`.
pub const WECOM: Plugin = Plugin { package: "@openclaw-china/wecom", version: "0.1.8" };
/// The WeCom plugin for applications of one's own; its channel is `wecom-app`.
pub const WECOM_APP: Plugin = Plugin { package: "@openclaw-china/wecom-app", version: "2026.4.24" };
/// The WeCom plugin in TypeScript; its channel is `wecom`.
pub const WECOM_TS: Plugin = Plugin { package: "@mocrane/wecom", version: "2026.3.24" };
/// An older DingTalk plugin; its channel is `dingtalk`.
pub const DINGTALK_CHINA: Plugin =
    Plugin { package: "@openclaw-china/dingtalk", version: "0.1.19" };
/// The Feishu plugin; its channel is `feishu`.
pub const FEISHU_CHINA: Plugin = Plugin { package: "@openclaw-china/feishu", version: "0.1.10" };

/// The Telegram plugin, cut out of the `openclaw` package; its channel is `telegram`.
pub const TELEGRAM: Plugin = Plugin { package: "@openclaw/telegram", version: "2026.9.6" };

/// Puts `plugins` into the state folder `state`.
pub(super) async fn install_into(state: &Path, plugins: &[Plugin]) {
    let plugins = plugins.to_vec();
    let template = tokio::task::spawn_blocking(move || template(&plugins)).await.unwrap();
    copy(&template, state).unwrap();
}

/// A state folder into which the real `ocg` installed real plugins, from the npm registry. Kept
/// until the installer changes, since some are large; the first test that needs it makes it.
fn template(plugins: &[Plugin]) -> PathBuf {
    let cache = binary::cache_dir();
    fs::create_dir_all(&cache).unwrap();
    let name = |plugin: &Plugin| {
        let package = plugin.package.replace('/', "-");
        format!("{package}-{}", plugin.version)
    };
    let names = plugins.iter().map(name).collect::<Vec<_>>().join("+");
    // The gateway's socket lies in the folder, and a socket's path may have 107 bytes.
    let folder = cache.join(if plugins.len() == 1 { names } else { short(&names) });
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let (state, made_by) = (folder.join("state"), folder.join("made-by"));
    let current = fingerprint();
    if fs::read_to_string(&made_by).is_ok_and(|made_by| made_by == current) {
        return state;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&state).unwrap();
    for plugin in plugins {
        install(&state, plugin);
    }
    fs::write(made_by, current).unwrap();
    state
}

fn short(names: &str) -> String {
    let mut hasher = DefaultHasher::new();
    names.hash(&mut hasher);
    format!("plugins-{:016x}", hasher.finish())
}

/// Which installer this is: its sources, which decide what an installation looks like.
fn fingerprint() -> String {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ocg-js/src/install");
    let mut hasher = DefaultHasher::new();
    hash_folder(&sources, &mut hasher).unwrap();
    format!("{:016x}", hasher.finish())
}

fn hash_folder(folder: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            hash_folder(&entry.path(), hasher)?;
        } else {
            entry.file_name().hash(hasher);
            fs::read(entry.path())?.hash(hasher);
        }
    }
    Ok(())
}

/// The environment stays, since the way to the registry (proxy, CA, `.npmrc`) may be in it.
fn install(state: &Path, plugin: &Plugin) {
    let mut command = Command::new(binary::ocg());
    for (name, _) in std::env::vars() {
        if name.starts_with("OCG_") || name.starts_with("OPENCLAW_") {
            command.env_remove(name);
        }
    }
    let package = format!("{}@{}", plugin.package, plugin.version);
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
