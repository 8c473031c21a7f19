//! Which agent answers, and how it is asked.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// The agent that answers one account, after all precedence rules.
#[derive(Clone)]
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
    /// How often a request is repeated that failed before anything of the answer was shown.
    pub retries: u32,
    /// Send images and files along.
    pub media: bool,
    /// The agent answers later, through a callback.
    pub asynchronous: bool,
}

/// With the address as [`AgentSettings::display_url`] has it: it may hold a password.
impl fmt::Debug for AgentSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AgentSettings")
            .field("url", &self.display_url())
            .field("model", &self.model)
            .field("api_key", &self.api_key)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// A local agent without a key: the built-in defaults.
impl Default for AgentSettings {
    fn default() -> Self {
        Self {
            url: Url::parse("http://127.0.0.1:11434/v1/chat/completions")
                .expect("a constant that is a URL"),
            model: "gpt-4o".to_owned(),
            api_key: None,
            headers: BTreeMap::new(),
            system_prompt: None,
            timeout: Duration::from_secs(300),
            idle_timeout: Duration::from_secs(120),
            retries: 2,
            media: true,
            asynchronous: false,
        }
    }
}

impl AgentSettings {
    /// The endpoint without credentials and query, fit for logs and error messages.
    pub fn display_url(&self) -> String {
        let mut url = self.url.clone();
        // Both setters fail only for URLs without a host, which have no credentials either.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_query(None);
        url.set_fragment(None);
        url.to_string()
    }
}
