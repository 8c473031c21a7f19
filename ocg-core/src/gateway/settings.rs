//! What the gateway is told before it starts.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::CallbackRules;
use crate::config::{Config, LiveConfig, StateDir};
use crate::dispatch::AgentSettings;
use crate::message::AccountKey;

/// How the gateway treats one account's turns.
#[derive(Debug, Clone)]
pub struct AccountSettings {
    /// The agent that answers.
    pub agent: Arc<AgentSettings>,
    /// How many earlier turns of the session go along with a message.
    pub history_turns: usize,
    /// Longest message, where it is below the channel's own limit.
    pub reply_limit: Option<usize>,
    /// Whether parts of an answer may be sent before it is complete, where the channel wants it.
    pub block_streaming: bool,
}

impl AccountSettings {
    /// `agent` without history, at the channel's own limits.
    pub fn with_agent(agent: AgentSettings) -> Self {
        Self { agent: Arc::new(agent), history_turns: 0, reply_limit: None, block_streaming: true }
    }

    fn of(config: &Config, account: &AccountKey) -> Self {
        let (channel, id) = (&account.channel, &account.account);
        let agent = config.agent_for(channel, id);
        Self {
            agent: Arc::new(agent.settings()),
            history_turns: agent.history_turns.value,
            reply_limit: config.reply_chunk_size(channel, id).map(|size| size.value),
            block_streaming: config.block_streaming(channel, id).is_none_or(|on| on.value),
        }
    }
}

/// Finds an account's settings; asked once per turn.
pub type SettingsOf = Arc<dyn Fn(&AccountKey) -> AccountSettings + Send + Sync>;

/// Settings of the whole gateway. [`Default`] serves every account with a local agent.
#[derive(Clone)]
pub struct GatewaySettings {
    /// Settings of each account.
    pub accounts: SettingsOf,
    /// Turns that run at the same time, over all accounts.
    pub max_concurrent_turns: usize,
    /// Messages of one session that may wait for their turn.
    pub session_queue: usize,
    /// Messages that may wait over all sessions; then channels wait at the hand-off.
    pub total_queue: usize,
    /// How often a live draft is renewed at most.
    pub draft_interval: Duration,
    /// How long turns may go on after the gateway was told to stop.
    pub shutdown_grace: Duration,
    /// Whole bodies in the log.
    pub verbose: bool,
    /// Where agents that answer later call back.
    pub callbacks: CallbackRules,
    /// Folders whose files an agent may send into a chat.
    pub media_roots: Vec<PathBuf>,
    /// Where pairing and outbound files are kept; without it pairing is kept in memory and
    /// `data:` URLs are kept in the system's temporary folder.
    pub state: Option<StateDir>,
}

impl GatewaySettings {
    /// Settings in which one agent answers everybody.
    pub fn with_agent(agent: AgentSettings) -> Self {
        let account = AccountSettings::with_agent(agent);
        Self {
            accounts: Arc::new(move |_| account.clone()),
            max_concurrent_turns: 256,
            session_queue: 32,
            total_queue: 4096,
            draft_interval: Duration::from_millis(500),
            shutdown_grace: Duration::from_secs(30),
            verbose: false,
            callbacks: CallbackRules::default(),
            media_roots: Vec::new(),
            state: None,
        }
    }
}

impl From<Config> for GatewaySettings {
    fn from(config: Config) -> Self {
        Self::live(&LiveConfig::new(config))
    }
}

impl GatewaySettings {
    /// Settings as configured. Turns that begin after the configuration was replaced see the new
    /// one.
    pub fn live(live: &LiveConfig) -> Self {
        let (config, live) = (live.current(), live.clone());
        let defaults = Self::default();
        Self {
            max_concurrent_turns: config.settings.max_concurrent_turns.value,
            verbose: config.settings.verbose.value,
            callbacks: config.settings.callback.rules(),
            media_roots: config.settings.media_roots.value.clone(),
            state: Some(config.state_dir().clone()),
            accounts: Arc::new(move |account| AccountSettings::of(&live.current(), account)),
            ..defaults
        }
    }
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self::with_agent(AgentSettings::default())
    }
}
