//! Which agent answers which account: the layers of settings and their precedence.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::field::{Headers, HttpUrl};
use super::model::{ChannelSection, ConfigFile, HistorySection};
use super::pick::Picker;
use super::show::{Entry, Shown};
use super::{ConfigError, KeyPath, SecretRef, Source, Sourced};
use crate::dispatch::AgentSettings;

/// The agent of one account, each setting with its source.
#[derive(Clone)]
pub struct ResolvedAgent {
    /// Chat-completions endpoint.
    pub url: Sourced<Url>,
    /// Model name.
    pub model: Sourced<String>,
    /// Bearer key.
    pub api_key: Option<Sourced<SecretString>>,
    /// Extra headers by lower-case name; account, channel and global ones together.
    pub headers: BTreeMap<String, Sourced<SecretString>>,
    /// System message.
    pub system_prompt: Option<Sourced<String>>,
    /// Earlier turns that are sent along.
    pub history_turns: Sourced<usize>,
    /// The agent answers through a callback.
    pub asynchronous: Sourced<bool>,
    /// Whole request.
    pub timeout: Sourced<Duration>,
    /// Longest silence within an answer.
    pub idle_timeout: Sourced<Duration>,
    /// How often a failed request is repeated.
    pub retries: Sourced<u32>,
    /// Images and files are sent along.
    pub media: Sourced<bool>,
}

/// As shown to people: the address may hold a password.
impl fmt::Debug for ResolvedAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries(&KeyPath::default())).finish()
    }
}

impl ResolvedAgent {
    /// What the dispatcher needs.
    pub fn settings(&self) -> AgentSettings {
        AgentSettings {
            url: self.url.value.clone(),
            model: self.model.value.clone(),
            api_key: self.api_key.as_ref().map(|key| key.value.clone()),
            headers: self
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), value.value.clone()))
                .collect(),
            system_prompt: self.system_prompt.as_ref().map(|prompt| prompt.value.clone()),
            timeout: self.timeout.value,
            idle_timeout: self.idle_timeout.value,
            retries: self.retries.value,
            media: self.media.value,
            asynchronous: self.asynchronous.value,
        }
    }

    /// The settings that can differ between accounts, as entries below `at`.
    pub(super) fn entries(&self, at: &KeyPath) -> Vec<Entry> {
        let mut entries = vec![
            entry(at.key("agentUrl"), &self.url),
            entry(at.key("model"), &self.model),
            entry(at.key("async"), &self.asynchronous),
            entry(at.key("history").key("maxTurns"), &self.history_turns),
        ];
        entries.extend(self.api_key.as_ref().map(|key| entry(at.key("apiKey"), key)));
        entries.extend(self.system_prompt.as_ref().map(|text| entry(at.key("systemPrompt"), text)));
        let headers = self.headers.iter();
        entries.extend(headers.map(|(name, value)| entry(at.key("headers").key(name), value)));
        entries
    }
}

fn entry<T: Shown>(key: KeyPath, setting: &Sourced<T>) -> Entry {
    Entry { key, value: setting.value.shown(), source: setting.source.clone() }
}

/// The agent settings of one section; those that it does not have are `None`.
#[derive(Clone, Default)]
pub(super) struct Layer {
    url: Option<Sourced<Url>>,
    model: Option<Sourced<String>>,
    api_key: Option<Sourced<SecretString>>,
    headers: BTreeMap<String, Sourced<SecretString>>,
    system_prompt: Option<Sourced<String>>,
    history_turns: Option<Sourced<usize>>,
    asynchronous: Option<Sourced<bool>>,
}

/// The same keys of a file's top level, a channel or an account.
struct Section<'a> {
    url: Option<&'a HttpUrl>,
    model: Option<&'a String>,
    api_key: Option<&'a SecretRef>,
    headers: Option<&'a Headers>,
    system_prompt: Option<&'a String>,
    history: Option<&'a HistorySection>,
    asynchronous: Option<bool>,
}

impl Layer {
    /// The layer of a channel or an account, written at `at`.
    pub(super) fn of_channel(
        pick: &Picker<'_>,
        at: &KeyPath,
        section: &ChannelSection,
        source: Source,
    ) -> Result<Self, ConfigError> {
        let section = Section {
            url: section.agent_url.as_ref(),
            model: section.model.as_ref(),
            api_key: section.api_key.as_ref(),
            headers: section.headers.as_ref(),
            system_prompt: section.system_prompt.as_ref(),
            history: section.history.as_deref(),
            asynchronous: section.asynchronous,
        };
        Self::of_section(pick, at, &section, source)
    }

    /// The layer of the file's top level, below that of the environment.
    pub(super) fn global(pick: &Picker<'_>, file: &ConfigFile) -> Result<Self, ConfigError> {
        let section = Section {
            url: file.agent_url.as_ref(),
            model: file.model.as_ref(),
            api_key: file.api_key.as_ref(),
            headers: file.headers.as_ref(),
            system_prompt: file.system_prompt.as_ref(),
            history: file.history.as_deref(),
            asynchronous: file.asynchronous,
        };
        let environment = Self {
            url: pick.env_parsed::<HttpUrl>("OCG_AGENT_URL")?.map(|url| url.map(|url| url.0)),
            model: pick.env_text("OCG_MODEL"),
            api_key: pick.env_text("OCG_API_KEY").map(|key| key.map(SecretString::from)),
            ..Self::default()
        };
        let file = Self::of_section(pick, &KeyPath::default(), &section, pick.file())?;
        Ok(environment.over(&file))
    }

    fn of_section(
        pick: &Picker<'_>,
        at: &KeyPath,
        section: &Section<'_>,
        source: Source,
    ) -> Result<Self, ConfigError> {
        let sourced = |text: &String| Sourced::new(text.clone(), source.clone());
        let api_key = section.api_key.map(|key| pick.header_secret(&at.key("apiKey"), key));
        let turns = section.history.and_then(|history| history.max_turns);
        let headers = pick.headers(&at.key("headers"), section.headers)?;
        Ok(Self {
            url: section.url.map(|url| Sourced::new(url.0.clone(), source.clone())),
            model: section.model.map(sourced),
            api_key: api_key.transpose()?.map(|key| Sourced::new(key, source.clone())),
            headers: headers
                .into_iter()
                .map(|(name, value)| (name, Sourced::new(value, source.clone())))
                .collect(),
            system_prompt: section.system_prompt.map(sourced),
            history_turns: turns.map(|turns| Sourced::new(turns as usize, source.clone())),
            asynchronous: section.asynchronous.map(|on| Sourced::new(on, source.clone())),
        })
    }

    /// This layer, and what it leaves open from `below`.
    pub(super) fn over(&self, below: &Self) -> Self {
        let mut headers = below.headers.clone();
        headers.extend(self.headers.clone());
        Self {
            url: self.url.clone().or_else(|| below.url.clone()),
            model: self.model.clone().or_else(|| below.model.clone()),
            api_key: self.api_key.clone().or_else(|| below.api_key.clone()),
            headers,
            system_prompt: self.system_prompt.clone().or_else(|| below.system_prompt.clone()),
            history_turns: self.history_turns.clone().or_else(|| below.history_turns.clone()),
            asynchronous: self.asynchronous.clone().or_else(|| below.asynchronous.clone()),
        }
    }

    /// The agent that the layers make together. Empty texts take a key or a prompt away.
    pub(super) fn resolve(self, limits: &Limits) -> ResolvedAgent {
        let defaults = AgentSettings::default();
        ResolvedAgent {
            url: self.url.unwrap_or(Sourced::new(defaults.url, Source::Default)),
            model: self.model.unwrap_or(Sourced::new(defaults.model, Source::Default)),
            api_key: self.api_key.filter(|key| !key.value.expose_secret().is_empty()),
            headers: self.headers,
            system_prompt: self.system_prompt.filter(|prompt| !prompt.value.is_empty()),
            history_turns: self.history_turns.unwrap_or(Sourced::new(0, Source::Default)),
            asynchronous: self.asynchronous.unwrap_or(Sourced::new(false, Source::Default)),
            timeout: limits.timeout.clone(),
            idle_timeout: limits.idle_timeout.clone(),
            retries: limits.retries.clone(),
            media: limits.media.clone(),
        }
    }
}

/// What is the same for all agents.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    timeout: Sourced<Duration>,
    idle_timeout: Sourced<Duration>,
    retries: Sourced<u32>,
    media: Sourced<bool>,
}

impl Limits {
    pub(super) fn pick(pick: &mut Picker<'_>, file: &ConfigFile) -> Self {
        let defaults = AgentSettings::default();
        let mut time = |key: &str, set: Option<NonZeroU64>, default: Duration| {
            let default = default.as_millis() as u64;
            pick.with_default(key, None, set.map(NonZeroU64::get), default)
                .map(Duration::from_millis)
        };
        Self {
            timeout: time("agentTimeoutMs", file.agent_timeout_ms, defaults.timeout),
            idle_timeout: time(
                "agentIdleTimeoutMs",
                file.agent_idle_timeout_ms,
                defaults.idle_timeout,
            ),
            retries: pick.with_default("agentRetries", None, file.agent_retries, defaults.retries),
            media: pick.with_default("media", None, file.media, defaults.media),
        }
    }
}
