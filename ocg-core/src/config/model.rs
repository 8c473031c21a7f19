//! The keys of `ocg.json`: the one list that reading, checking, the schema and the hints for
//! misspelt keys are made from.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::SecretRef;
use super::field::{DmScope, Grant, Headers, HttpUrl, Object, PassedOn, ProxyField, SenderId};
use crate::admit::{DmPolicy, GroupPolicy};

/// Configuration of the OpenClaw Channel Gateway.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(title = "ocg.json")]
pub(super) struct ConfigFile {
    /// Address of the JSON Schema, for editors.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,

    /// OpenAI-compatible chat completions endpoint. Default: http://127.0.0.1:11434/v1/chat/completions
    pub agent_url: Option<HttpUrl>,
    /// Model name sent to the agent. Default: gpt-4o
    pub model: Option<String>,
    /// Sent to the agent as "Authorization: Bearer …".
    pub api_key: Option<SecretRef>,
    /// Extra headers of requests to the agent.
    pub headers: Option<Headers>,
    /// System message at the start of every request.
    pub system_prompt: Option<String>,
    /// Earlier turns that are sent along.
    pub history: Option<Object<HistorySection>>,
    /// The agent answers later, through a callback. Default: false
    #[serde(rename = "async")]
    pub asynchronous: Option<bool>,
    /// Longest time of a whole request to the agent, in milliseconds. Default: 300000
    pub agent_timeout_ms: Option<NonZeroU64>,
    /// Longest silence within an answer, in milliseconds. Default: 120000
    pub agent_idle_timeout_ms: Option<NonZeroU64>,
    /// How often a request is repeated that failed before anything was answered. Default: 2
    pub agent_retries: Option<u32>,
    /// Send images and files that come with a message to the agent. Default: true
    pub media: Option<bool>,

    /// Log whole message bodies. Default: false
    pub verbose: Option<bool>,
    /// How many messages are answered at the same time. Default: 256
    pub max_concurrent_turns: Option<NonZeroUsize>,
    /// Longest message to a chat, in characters. Default: the channel's own limit.
    pub reply_chunk_size: Option<NonZeroUsize>,
    /// Send finished parts of an answer while the agent still writes. Default: the channel's own
    /// preference.
    pub block_streaming: Option<bool>,
    /// Folders from which an agent may name files to send. Default: none
    pub media_roots: Option<Vec<PathBuf>>,

    /// Proxy for plugins and agents. Default: HTTPS_PROXY, HTTP_PROXY and ALL_PROXY of the environment
    pub proxy: Option<ProxyField>,
    /// Proxy for agents alone.
    pub agent_proxy: Option<ProxyField>,
    /// Proxy for plugins alone.
    pub plugin_proxy: Option<ProxyField>,
    /// Hosts that are reached without a proxy, separated by commas. Default: NO_PROXY of the environment
    pub no_proxy: Option<String>,
    /// PEM files with certificates to trust beside the operating system's.
    pub extra_ca_certs: Option<Vec<PathBuf>>,

    /// Port of the callback server. Default: 3457
    pub callback_port: Option<u16>,
    /// Address the callback server listens on. Default: 0.0.0.0
    pub callback_host: Option<String>,
    /// Base URL of the callback server as the agent reaches it.
    pub callback_public_url: Option<HttpUrl>,
    /// Host of the callback server as the agent reaches it.
    pub callback_public_host: Option<String>,
    /// Port of the callback server as the agent reaches it.
    pub callback_public_port: Option<u16>,
    /// HMAC-SHA256 secret that callbacks are signed with.
    pub callback_secret: Option<SecretRef>,
    /// How long the agent may take to call back, in seconds. Default: 1800
    #[serde(rename = "callbackTokenTTL")]
    pub callback_token_ttl: Option<NonZeroU64>,
    /// Run the callback server though neither async mode nor a secret needs it, for health and
    /// metrics. Default: false
    pub callback_enabled: Option<bool>,
    /// Requests per second that the callback server takes from one address, after a burst of five
    /// times as many. Default: 1000
    pub callback_rate_limit: Option<NonZeroU32>,
    /// Show /metrics of the callback server to other machines too. Default: false
    pub metrics_public: Option<bool>,

    /// HMAC-SHA256 secret that send requests are signed with. Default: callbackSecret
    pub send_secret: Option<SecretRef>,
    /// Offer the send endpoint. Default: true when there is a secret
    pub send_enabled: Option<bool>,
    /// Channels that send requests may use. Default: all
    pub send_allowed_channels: Option<Vec<String>>,
    /// Longest text of a send request, in characters.
    pub send_max_text_length: Option<NonZeroUsize>,
    /// Largest body of a send request, in bytes. Default: 1048576
    pub send_max_body_bytes: Option<NonZeroUsize>,
    /// Longest time of a send request, in milliseconds. Default: 30000
    pub send_timeout_ms: Option<NonZeroU64>,
    /// Number the parts of a text that is sent in several messages. Default: false
    pub send_chunk_prefix: Option<bool>,

    /// One section per channel; keys that are not listed here belong to the plugin.
    pub channels: BTreeMap<String, Object<ChannelSection>>,
    /// One section per plugin package.
    pub plugins: BTreeMap<String, Object<PluginSection>>,
    /// Youngest version of a package that is installed, in days since its release. Default: 7
    pub min_release_age_days: Option<u32>,

    /// Which chats share a conversation.
    pub session: Option<Object<SessionSection>>,
    /// OpenClaw's section, passed on to plugins.
    pub messages: Option<PassedOn>,
    /// OpenClaw's section, passed on to plugins.
    pub commands: Option<PassedOn>,
    /// OpenClaw's section, passed on to plugins.
    pub agents: Option<PassedOn>,
    /// OpenClaw's list, passed on to plugins.
    pub bindings: Option<Vec<PassedOn>>,
    /// OpenClaw's section, passed on to plugins.
    pub access_groups: Option<PassedOn>,
    /// OpenClaw's section, passed on to plugins.
    pub gateway: Option<PassedOn>,
}

/// Which chats share a conversation. OpenClaw's other keys of this section are passed on to plugins.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SessionSection {
    /// Which direct chats share a conversation. Default: per-account-channel-peer
    pub dm_scope: Option<DmScope>,
    /// Where plugins keep session files.
    pub store: Option<String>,
}

/// Earlier turns that are sent to the agent.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct HistorySection {
    /// How many turns at most; with 0 the message is sent alone. Default: 0
    pub max_turns: Option<u32>,
}

/// A channel, or one account of it. Account settings go before the channel's, and the channel's
/// before all others. Keys that are not listed here belong to the plugin.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ChannelSection {
    /// Start it. Default: true
    pub enabled: Option<bool>,
    /// As the global agentUrl.
    pub agent_url: Option<HttpUrl>,
    /// As the global model.
    pub model: Option<String>,
    /// As the global apiKey.
    pub api_key: Option<SecretRef>,
    /// Extra headers, added to the global ones.
    pub headers: Option<Headers>,
    /// As the global systemPrompt; an empty text takes it away.
    pub system_prompt: Option<String>,
    /// As the global history.
    pub history: Option<Object<HistorySection>>,
    /// As the global async.
    #[serde(rename = "async")]
    pub asynchronous: Option<bool>,
    /// As the global replyChunkSize.
    pub reply_chunk_size: Option<NonZeroUsize>,
    /// As the global blockStreaming.
    pub block_streaming: Option<bool>,
    /// Who may write to the bot directly. Default: open
    pub dm_policy: Option<DmPolicy>,
    /// Who is allowed by "allowlist"; "*" is everybody.
    pub allow_from: Option<Vec<SenderId>>,
    /// Whose messages in groups are answered. Default: open
    pub group_policy: Option<GroupPolicy>,
    /// Who is allowed in groups by "allowlist"; "*" is everybody.
    pub group_allow_from: Option<Vec<SenderId>>,
    /// The channel's accounts.
    pub accounts: Option<BTreeMap<String, Object<ChannelSection>>>,
}

/// What the operator says of one plugin package.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PluginSection {
    /// Access beside the defaults.
    pub permissions: Object<Permissions>,
}

/// Access of a plugin beside the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Permissions {
    /// "host", "host:port" or "10.0.0.0/8".
    pub net: Grant,
    /// Files and folders that it may read.
    pub read: Grant,
    /// Files and folders that it may read and write.
    pub write: Grant,
    /// Environment variables that it may see.
    pub env: Grant,
}
