//! The effective configuration.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::agent::{Layer, Limits};
use super::channels::ChannelLayers;
use super::load::Document;
use super::outgoing::Outgoing;
use super::pick::Picker;
use super::show::Entry;
use super::{
    ConfigError, Diagnostic, Environment, KeyPath, Location, Permissions, ResolvedAgent, Settings,
    StateDir,
};
use super::{load, plugin_view, show};
use crate::http::HttpSettings;

/// The effective configuration: file, environment and defaults together, secrets resolved.
#[derive(Clone)]
pub struct Config {
    /// Settings of the gateway as a whole.
    pub settings: Settings,
    pub(super) document: Option<Document>,
    pub(super) channels: ChannelLayers,
    state_dir: StateDir,
    global: Layer,
    limits: Limits,
    outgoing: Outgoing,
    plugin_view: Value,
    entries: Vec<Entry>,
}

/// The file and the state folder only: the rest holds secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("file", &self.file())
            .field("state_dir", &self.state_dir)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// Finds, reads and checks the configuration. Without a file it consists of defaults and
    /// environment variables.
    ///
    /// # Errors
    /// A file that was asked for by name and is missing; one that cannot be read, is malformed or
    /// has a wrong value; a secret that cannot be resolved.
    pub fn load(location: &Location) -> Result<Self, ConfigError> {
        let state_dir = location.state_dir()?;
        let document = location.config_file()?.map(|path| Document::read(&path)).transpose()?;
        Self::resolve(document, state_dir, &location.environment)
    }

    /// The configuration in `text`, as if it were read from `path`.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn parse(
        text: &str,
        path: impl Into<PathBuf>,
        state_dir: StateDir,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let document = Document::parse(path.into(), text.to_owned())?;
        Self::resolve(Some(document), state_dir, environment)
    }

    fn resolve(
        document: Option<Document>,
        state_dir: StateDir,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let empty = super::model::ConfigFile::default();
        let file = document.as_ref().map_or(&empty, |document| &document.file);
        let source = document.as_ref().map(|document| &document.source);
        let mut pick = Picker::new(environment, source);
        let global = Layer::global(&pick, file)?;
        let limits = Limits::pick(&mut pick, file);
        let outgoing = Outgoing::pick(&mut pick, file)?;
        let settings = Settings::pick(&mut pick, file)?;
        let channels = ChannelLayers::pick(&mut pick, file)?;
        let raw = document.as_ref().map(|document| &document.raw);
        let plugin_view = plugin_view::make(&pick, raw)?;
        let entries = std::mem::take(&mut pick.entries);
        Ok(Self {
            settings,
            channels,
            state_dir,
            global,
            limits,
            outgoing,
            plugin_view,
            entries,
            document,
        })
    }

    /// The file that was read, if there is one.
    pub fn file(&self) -> Option<&Path> {
        self.document.as_ref().map(|document| document.source.file.as_path())
    }

    /// The section of a channel as it is written, references to secrets unresolved.
    pub fn channel_as_written(&self, channel: &str) -> Option<&Value> {
        self.document.as_ref()?.raw.get("channels")?.get(channel)
    }

    /// What the file says, without defaults or environment, secrets as they are written there.
    pub fn raw(&self) -> Option<&Value> {
        self.document.as_ref().map(|document| &document.raw)
    }

    /// What is dubious about the file but does not keep the gateway from working.
    pub fn warnings(&self) -> &[Diagnostic] {
        self.document.as_ref().map_or(&[], |document| &document.warnings)
    }

    /// The state folder.
    pub fn state_dir(&self) -> &StateDir {
        &self.state_dir
    }

    /// HTTP settings of requests to agents.
    pub fn agent_http(&self) -> &HttpSettings {
        &self.outgoing.agents
    }

    /// HTTP settings of what plugins request.
    pub fn plugin_http(&self) -> &HttpSettings {
        &self.outgoing.plugins
    }

    /// The agent that answers `account` of `channel`: account settings go before the channel's,
    /// those before the environment, then the file's top level, then the defaults.
    pub fn agent_for(&self, channel: &str, account: &str) -> ResolvedAgent {
        let (account, channel) = self.channels.agent_layers(channel, account);
        account.over(&channel.over(&self.global)).resolve(&self.limits)
    }

    /// The agent of channels that say nothing about theirs.
    pub fn default_agent(&self) -> ResolvedAgent {
        self.global.clone().resolve(&self.limits)
    }

    /// What plugins are given as OpenClaw's configuration: the file without the gateway's own
    /// settings, with the secrets in `channels` resolved. It holds secrets: never log it.
    pub fn plugin_view(&self) -> &Value {
        &self.plugin_view
    }

    /// What the operator grants to the plugin of this package.
    pub fn plugin_permissions(&self, package: &str) -> Permissions {
        let document = self.document.as_ref();
        document
            .and_then(|document| document.file.plugins.get(package))
            .map(|plugin| plugin.permissions.0.clone())
            .unwrap_or_default()
    }

    /// All effective settings with their sources, secrets masked.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = self.default_agent().entries(&KeyPath::default());
        entries.extend(self.entries.iter().cloned());
        for channel in self.channel_ids() {
            entries.extend(self.channel_entries(channel));
        }
        entries
    }

    fn channel_entries(&self, channel: &str) -> Vec<Entry> {
        let at = KeyPath::of(["channels", channel]);
        let mut entries = Vec::new();
        let source = super::Source::Channel { channel: channel.to_owned() };
        if let Some(section) = at.find(&self.plugin_view) {
            show::plugin_entries(&at, section, &source, &mut entries);
        }
        let (_, layer) = self.channels.agent_layers(channel, "");
        let agent = layer.over(&self.global).resolve(&self.limits);
        entries.extend(agent.entries(&at));
        for account in self.channels.accounts(channel) {
            let at = at.key("accounts").key(account);
            entries.extend(self.agent_for(channel, account).entries(&at));
        }
        entries
    }

    /// Checks a file's syntax and types, without resolving its secrets.
    ///
    /// # Errors
    /// As [`Self::load`], except for secrets.
    pub fn check(path: &Path) -> Result<Vec<Diagnostic>, ConfigError> {
        Document::parse(path.to_owned(), load::read_text(path)?).map(|document| document.warnings)
    }
}
