//! One user's folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::process::Command;

use super::command::{self, Finished};
use super::config::Config;
use super::mount::Mount;
use super::plugin::{self, Plugin};
use super::{binary, weixin};
use crate::platforms::wechat::{User, WeChat};

/// A user's home: state folder, configuration and environment of every `ocg` command run in it.
#[derive(Debug)]
pub struct Home {
    root: TempDir,
    state: PathBuf,
    environment: Vec<(String, String)>,
    mount: Option<Mount>,
}

/// What leads to the npm registry, where it is not reached directly.
const WAY_TO_REGISTRY: [&str; 5] =
    ["HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "npm_config_registry"];

impl Home {
    /// A home in which nothing was installed, with a configuration of defaults.
    pub fn new() -> Self {
        let mut home = Self::empty();
        home.state = home.path("state");
        std::fs::create_dir(&home.state).unwrap();
        home.configure_text("{}\n");
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let (state, config) = (text(home.state()), text(home.config_file()));
        home.variable("OCG_STATE_DIR", &state).variable("OCG_CONFIG_PATH", &config)
    }

    /// An empty folder: everything is where `ocg` puts it by itself.
    pub fn empty() -> Self {
        let root = tempfile::Builder::new().prefix("ocg-test-").tempdir().unwrap();
        let state = root.path().join(".openclaw-channel-gateway");
        Self { root, state, environment: Vec::new(), mount: None }
    }

    /// Commands reach the npm registry the way that the tests do.
    pub fn with_registry(mut self) -> Self {
        for name in WAY_TO_REGISTRY {
            if let Ok(value) = std::env::var(name) {
                self = self.variable(name, &value);
            }
        }
        let npmrc = std::env::home_dir().unwrap_or_default().join(".npmrc");
        self.variable("NPM_CONFIG_USERCONFIG", npmrc.to_str().unwrap())
    }

    /// A home in which the real WeChat plugin is installed.
    pub async fn with_weixin() -> Self {
        Self::with_plugins(&[weixin::WEIXIN]).await
    }

    /// A home in which `plugins` are installed.
    pub async fn with_plugins(plugins: &[Plugin]) -> Self {
        let home = Self::new();
        plugin::install_into(&home.state(), plugins).await;
        home
    }

    /// A home in which the plugin is installed and logged in to `wechat`, whose bot `users` may
    /// write to.
    pub async fn logged_in(wechat: &WeChat, users: &[&User]) -> Self {
        let home = Self::with_weixin().await;
        home.log_in(wechat, &wechat.url(), users);
        home
    }

    /// Writes what the plugin keeps after a login: the bot talks to `base_url`.
    pub fn log_in(&self, wechat: &WeChat, base_url: &str, users: &[&User]) {
        let account = weixin::WeixinAccount {
            bot_id: wechat.bot_id(),
            token: wechat.token(),
            base_url: base_url.to_owned(),
            users: users.iter().map(|user| user.id().to_owned()).collect(),
        };
        account.write(&self.plugin_state());
    }

    /// The state folder.
    pub fn state(&self) -> PathBuf {
        self.state.clone()
    }

    /// Where plugins keep their own state.
    pub fn plugin_state(&self) -> PathBuf {
        self.state().join("openclaw")
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.root.path().join("ocg.json")
    }

    /// A file or folder of this home that no `ocg` command knows of.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes the configuration.
    pub fn configure(&self, config: &Config) -> &Self {
        self.configure_text(&config.text())
    }

    /// Writes the configuration, whatever it is.
    pub fn configure_text(&self, text: &str) -> &Self {
        std::fs::write(self.config_file(), text).unwrap();
        self
    }

    /// Sets an environment variable for every command.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Mounts something for every command that follows.
    pub fn mounted(mut self, mount: Mount) -> Self {
        self.mount = Some(mount);
        self
    }

    /// Mounts nothing any more.
    pub fn unmounted(mut self) -> Self {
        self.mount = None;
        self
    }

    /// Runs `ocg` with `arguments` to its end.
    pub async fn run(&self, arguments: &[&str]) -> Finished {
        command::run(self, arguments, "").await
    }

    /// Runs `ocg` with `arguments` and `input` on standard input to its end.
    pub async fn run_with_input(&self, arguments: &[&str], input: &str) -> Finished {
        command::run(self, arguments, input).await
    }

    /// The program.
    pub(super) fn program() -> PathBuf {
        binary::ocg()
    }

    /// `ocg` in this home, without arguments yet.
    pub(super) fn command(&self) -> Command {
        let mut command = match &self.mount {
            None => Command::new(Self::program()),
            Some(mount) => {
                let mut command = Command::new("unshare");
                let script = format!("{} && exec \"$0\" \"$@\"", mount.script());
                command.args(["--map-root-user", "--mount", "sh", "-c", &script]);
                command.arg(Self::program());
                command
            }
        };
        command.env_clear().envs(self.environment()).current_dir(self.working_dir());
        command.kill_on_drop(true);
        command
    }

    /// The whole environment of a command.
    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let path = |path: PathBuf| path.to_string_lossy().into_owned();
        let mut environment = vec![
            ("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()),
            ("HOME".into(), path(self.root.path().to_owned())),
            ("LANG".into(), "C.UTF-8".into()),
        ];
        // Coverage tools find their output by the first, debug builds their JavaScript by the other.
        environment.extend(
            std::env::vars()
                .filter(|(name, _)| name.starts_with("LLVM_PROFILE") || name == "OCG_JS_SOURCES"),
        );
        environment.extend(self.environment.iter().cloned());
        environment
    }

    /// Where commands run.
    pub(super) fn working_dir(&self) -> &Path {
        self.root.path()
    }

    /// Reads a JSON file below the plugins' state.
    pub fn plugin_json(&self, name: impl AsRef<OsStr>) -> serde_json::Value {
        let path = self.plugin_state().join(Path::new(name.as_ref()));
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        serde_json::from_str(&text).unwrap()
    }
}

impl Drop for Home {
    /// No gateway runs on in the background after a failed test.
    fn drop(&mut self) {
        let pid = std::fs::read_to_string(self.state.join("ocg.pid")).unwrap_or_default();
        if std::thread::panicking()
            && let Some(pid) = pid.trim().parse().ok().and_then(rustix::process::Pid::from_raw)
        {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}
