//! What the server is told before it starts.

use std::time::Duration;

use ocg_core::config::Config;
use secrecy::SecretString;

/// Settings of the server.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Address or host name to listen on.
    pub host: String,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Secret that callbacks are signed with.
    pub secret: Option<SecretString>,
    /// The send endpoint.
    pub send: SendRules,
    /// Show metrics to everybody, not only to this machine.
    pub metrics_public: bool,
    /// Largest body of a callback or a route's request, in bytes.
    pub max_body: usize,
    /// How long a request may take to arrive: its head, and again its body.
    pub read_timeout: Duration,
    /// How long a channel's route may take to answer.
    pub route_timeout: Duration,
    /// Connections at the same time; more wait.
    pub max_connections: usize,
    /// Requests per second and address, after a burst of five times as many.
    pub rate: u32,
}

/// Settings of the send endpoint.
#[derive(Debug, Clone)]
pub struct SendRules {
    /// Secret that requests are signed with; without one there is no endpoint.
    pub secret: Option<SecretString>,
    /// Whether it is offered.
    pub enabled: bool,
    /// Channels that it may use; `None` is all.
    pub allowed_channels: Option<Vec<String>>,
    /// Longest text in characters.
    pub max_text: Option<usize>,
    /// Largest body in bytes.
    pub max_body: usize,
    /// Longest time of one request.
    pub timeout: Duration,
    /// Number the parts of a text that is sent in several messages.
    pub chunk_prefix: bool,
}

impl Default for SendRules {
    fn default() -> Self {
        Self {
            secret: None,
            enabled: false,
            allowed_channels: None,
            max_text: None,
            max_body: 1024 * 1024,
            timeout: Duration::from_secs(30),
            chunk_prefix: false,
        }
    }
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            secret: None,
            send: SendRules::default(),
            metrics_public: false,
            max_body: 1024 * 1024,
            read_timeout: Duration::from_secs(15),
            route_timeout: Duration::from_secs(60),
            max_connections: 1024,
            rate: 1000,
        }
    }
}

impl From<&Config> for ServerSettings {
    fn from(config: &Config) -> Self {
        let (callback, send) = (&config.settings.callback, &config.settings.send);
        Self {
            host: callback.host.value.clone(),
            port: callback.port.value,
            secret: callback.secret.as_ref().map(|secret| secret.value.clone()),
            rate: callback.rate_limit.value,
            metrics_public: callback.metrics_public.value,
            send: SendRules {
                secret: send.secret.as_ref().map(|secret| secret.value.clone()),
                enabled: send.enabled.value,
                allowed_channels: send.allowed_channels.as_ref().map(|list| list.value.clone()),
                max_text: send.max_text_length.as_ref().map(|length| length.value),
                max_body: send.max_body_bytes.value,
                timeout: send.timeout.value,
                chunk_prefix: send.chunk_prefix.value,
            },
            ..Self::default()
        }
    }
}
