//! What most commands start from: the configuration, the state folder and what lies in it.

use std::fs::{DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use ocg_core::config::{
    Config, ConfigError, Diagnostic, Entry, LiveConfig, Location, ResolvedAgent, Source, Sourced,
    StateDir,
};
use ocg_core::gateway::GatewaySettings;
use ocg_js::install::{InstalledPlugin, PluginStore, known_package};

use crate::cli::Global;
use crate::control::{AgentReport, SourcedText};
use crate::failure::Failure;
use crate::output::warn;
use crate::running::RunningGateway;

/// The configuration and the state folder.
pub struct Context {
    /// Where both were looked for.
    pub location: Location,
    /// The effective configuration, which a running gateway may replace.
    pub live: LiveConfig,
    /// The state folder; it need not exist.
    pub state: StateDir,
    verbose: bool,
}

/// An effective setting, as it is shown.
#[derive(Debug, Serialize)]
pub struct ShownSetting {
    /// Path of keys.
    pub path: String,
    /// Its value, secrets masked.
    pub value: Value,
    /// Where the value comes from.
    pub source: String,
    #[serde(skip)]
    set: bool,
}

impl ShownSetting {
    /// Whether somebody has set it: it is not the default.
    pub fn is_set(&self) -> bool {
        self.set
    }

    /// The value for a table.
    pub fn shown_value(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Null => "-".to_owned(),
            other => other.to_string(),
        }
    }
}

/// Where this process looks for its configuration.
pub fn location(global: &Global) -> Location {
    Location::of_process(global.config.clone())
}

/// A configuration that cannot be used.
pub fn unusable(error: ConfigError) -> Failure {
    Failure::usage(error.to_string())
}

/// Prints what is dubious about the configuration file.
pub fn show_warnings(warnings: &[Diagnostic]) {
    for warning in warnings {
        warn(warning.to_string());
    }
}

impl Context {
    /// Reads the configuration and prints its warnings.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn load(global: &Global) -> Result<Self, Failure> {
        let location = location(global);
        let config = Config::load(&location).map_err(unusable)?;
        show_warnings(config.warnings());
        let state = config.state_dir().clone();
        Ok(Self { location, live: LiveConfig::new(config), state, verbose: global.verbose })
    }

    /// The effective configuration at this moment.
    pub fn config(&self) -> Arc<Config> {
        self.live.current()
    }

    /// The configuration file that was read.
    pub fn config_file(&self) -> Option<String> {
        self.config().file().map(|file| file.display().to_string())
    }

    /// The configuration file to write to; it need not exist.
    pub fn writable_file(&self) -> Result<PathBuf, Failure> {
        match self.config().file() {
            Some(file) => Ok(file.to_owned()),
            None => self.location.new_config_file().map_err(unusable),
        }
    }

    /// All effective settings.
    pub fn shown_settings(&self) -> Vec<ShownSetting> {
        let shown = |entry: Entry| ShownSetting {
            path: entry.key.to_string(),
            value: entry.value,
            set: entry.source != Source::Default,
            source: entry.source.to_string(),
        };
        self.config().entries().into_iter().map(shown).collect()
    }

    /// What the gateway is built from.
    pub fn gateway_settings(&self) -> GatewaySettings {
        let settings = GatewaySettings::live(&self.live);
        GatewaySettings { verbose: self.verbose || settings.verbose, ..settings }
    }

    /// Whether some agent answers through a callback.
    pub fn uses_callbacks(&self) -> bool {
        let mut settings = self.shown_settings().into_iter();
        settings.any(|setting| setting.path.ends_with("async") && setting.value == true)
    }

    /// The agent that answers an account.
    pub fn agent_of(&self, channel: &str, account: &str) -> ResolvedAgent {
        self.config().agent_for(channel, account)
    }

    /// The same with sources, for people and programs to read.
    pub fn agent_report(&self, channel: &str, account: &str) -> AgentReport {
        let agent = self.agent_of(channel, account);
        let mode = if agent.asynchronous.value { "async" } else { "sync" };
        AgentReport {
            url: sourced(&agent.url, agent.settings().display_url()),
            model: sourced(&agent.model, agent.model.value.clone()),
            mode: sourced(&agent.asynchronous, mode.to_owned()),
        }
    }

    /// The channels that the configuration names.
    pub fn configured_channels(&self) -> Vec<String> {
        self.config().channel_ids().map(str::to_owned).collect()
    }

    /// The configured channels and those that installed plugins offer.
    pub fn channel_ids(&self) -> Result<Vec<String>, Failure> {
        let mut ids = self.configured_channels();
        for plugin in self.plugins()? {
            for channel in plugin.channels() {
                if !ids.contains(&channel.id) {
                    ids.push(channel.id.clone());
                }
            }
        }
        ids.sort();
        Ok(ids)
    }

    /// Whether a channel is to be started: some need no section, so only `enabled: false` in one
    /// says no.
    pub fn is_enabled(&self, channel: &str) -> bool {
        is_enabled(&self.config(), channel)
    }

    /// The installed plugins. One that cannot be read is a warning, not the end of the others.
    pub fn plugins(&self) -> Result<Vec<InstalledPlugin>, Failure> {
        let listed = self.plugin_store().list().map_err(|error| {
            Failure::failed("cannot list the installed plugins").because(&error)
        })?;
        let mut plugins = Vec::new();
        for plugin in listed {
            match plugin {
                Ok(plugin) => plugins.push(plugin),
                Err(error) => warn(error.to_string()),
            }
        }
        Ok(plugins)
    }

    /// The plugins folder.
    pub fn plugin_store(&self) -> PluginStore {
        PluginStore::new(self.state.plugins())
    }

    /// The installed plugin of this package.
    pub fn plugin(&self, package: &str) -> Result<InstalledPlugin, Failure> {
        match self.plugin_store().find(package) {
            Ok(Some(plugin)) => Ok(plugin),
            Ok(None) => Err(Failure::failed(format!("{package} is not installed"))
                .hint("`ocg plugins list` shows what is")),
            Err(error) => {
                Err(Failure::failed(format!("cannot use plugin {package}")).because(&error))
            }
        }
    }

    /// The installed plugin that offers a channel.
    pub fn plugin_of_channel(&self, channel: &str) -> Result<InstalledPlugin, Failure> {
        match self.plugin_store().find_by_channel(channel) {
            Ok(Some(plugin)) => Ok(plugin),
            Ok(None) => {
                Err(Failure::usage(format!("no installed plugin offers channel {channel}"))
                    .hint(install_hint(channel)))
            }
            Err(error) => {
                Err(Failure::failed(format!("cannot use channel {channel}")).because(&error))
            }
        }
    }

    /// Makes the state folder, for its owner only.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create_state(&self) -> Result<(), Failure> {
        let root = self.state.root();
        let failed = |what: &str, error: std::io::Error| {
            Failure::failed(format!("cannot {what} the state folder {}", root.display()))
                .because(&error)
                .hint("set OCG_STATE_DIR to a folder that you can write to")
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(root)
            .map_err(|error| failed("make", error))?;
        // It may have existed with more rights: logins lie in it.
        std::fs::set_permissions(root, Permissions::from_mode(0o700))
            .map_err(|error| failed("write to", error))
    }

    /// The gateway that may be running on the state folder.
    pub fn running(&self) -> RunningGateway {
        RunningGateway::new(self.state.clone())
    }
}

/// Whether a channel is to be started: see [`Context::is_enabled`].
fn is_enabled(config: &Config, channel: &str) -> bool {
    let has_section = config.channel_ids().any(|id| id == channel);
    !has_section || config.channel_enabled(channel)
}

/// How to get the plugin of a channel.
pub fn install_hint(channel: &str) -> String {
    match known_package(channel) {
        Some(package) => format!("`ocg plugins install {package}` installs it"),
        None => "`ocg plugins install PACKAGE` installs the npm package that offers it; \
                 `ocg channels list --all` shows the channels there are"
            .to_owned(),
    }
}

fn sourced<T>(setting: &Sourced<T>, value: String) -> SourcedText {
    SourcedText { value, source: setting.source.to_string() }
}

#[cfg(test)]
impl Context {
    /// The configuration `text`, with a state folder of its own and without an environment.
    pub fn of_text(text: &str, state: StateDir) -> Self {
        let location = Location::default();
        let config = Config::parse(text, "ocg.json", state.clone(), &location.environment);
        Self { live: LiveConfig::new(config.unwrap()), location, state, verbose: false }
    }
}
