//! Which agent answers, and how it is asked.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// The agent that answers one account, after all precedence rules.
#[derive(Debug, Clone)]
pub struct AgentSettings {
    /// Chat-completions endpoint.
    pub url: Url,
    /// Model name sent along.
    pub model: String,
    /// Bearer key.
    pub api_key: Option<SecretString>,
    /// Extra request headers.
    pub headers: BTreeMap<String, SecretString>,
    /// First message of every request.
    pub system_prompt: Option<String>,
    /// Whole request.
    pub timeout: Duration,
    /// Longest silence within a stream.
    pub idle_timeout: Duration,
}
