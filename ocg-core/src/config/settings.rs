//! The settings of the gateway as a whole, each with its source.

use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::model::ConfigFile;
use super::pick::Picker;
use super::{ConfigError, KeyPath, SecretRef, Sourced};
use crate::gateway::CallbackRules;

/// Settings that are not a matter of one agent or one channel.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Log whole message bodies.
    pub verbose: Sourced<bool>,
    /// Filter of the log (`OCG_LOG`), in tracing's syntax.
    pub log_filter: Option<Sourced<String>>,
    /// Log as JSON lines (`OCG_LOG_FORMAT=json`).
    pub log_json: Sourced<bool>,
    /// How many messages are answered at the same time.
    pub max_concurrent_turns: Sourced<usize>,
    /// Folders from which an agent may name files to send.
    pub media_roots: Sourced<Vec<PathBuf>>,
    /// Youngest version of a package that is installed, in days since its release.
    pub min_release_age_days: Sourced<u32>,
    /// The callback server.
    pub callback: CallbackSettings,
    /// The endpoint for messages outside a conversation.
    pub send: SendSettings,
}

/// A host that cannot stand in a callback URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host name or address; correct \"callbackHost\" or \"callbackPublicHost\"")]
pub struct InvalidCallbackHost(String);

/// The callback server.
#[derive(Debug, Clone)]
pub struct CallbackSettings {
    /// Port it listens on.
    pub port: Sourced<u16>,
    /// Address it listens on.
    pub host: Sourced<String>,
    /// Base URL that the agent is told.
    pub public_url: Option<Sourced<Url>>,
    /// Host that the agent is told.
    pub public_host: Option<Sourced<String>>,
    /// Port that the agent is told.
    pub public_port: Option<Sourced<u16>>,
    /// HMAC secret of callbacks.
    pub secret: Option<Sourced<SecretString>>,
    /// How long the agent may take.
    pub token_ttl: Sourced<Duration>,
    /// Run the server though nothing needs it, for health and metrics.
    pub enabled: Sourced<bool>,
    /// Requests per second and address, after a burst of five times as many.
    pub rate_limit: Sourced<u32>,
    /// Show metrics to other machines too.
    pub metrics_public: Sourced<bool>,
}

/// The endpoint for messages outside a conversation.
#[derive(Debug, Clone)]
pub struct SendSettings {
    /// HMAC secret; the callback server's where it has none of its own.
    pub secret: Option<Sourced<SecretString>>,
    /// Whether it is offered; it never is without a secret.
    pub enabled: Sourced<bool>,
    /// Channels it may use; `None` is all.
    pub allowed_channels: Option<Sourced<Vec<String>>>,
    /// Longest text in characters.
    pub max_text_length: Option<Sourced<usize>>,
    /// Largest request body in bytes.
    pub max_body_bytes: Sourced<usize>,
    /// Longest time of one request.
    pub timeout: Sourced<Duration>,
    /// Number the parts of a text that is sent in several messages.
    pub chunk_prefix: Sourced<bool>,
}

impl Settings {
    pub(super) fn pick(pick: &mut Picker<'_>, file: &ConfigFile) -> Result<Self, ConfigError> {
        let verbose = pick.env_switch("OCG_VERBOSE")?;
        let media_roots = file
            .media_roots
            .as_ref()
            .map(|roots| roots.iter().map(|root| pick.path(root)).collect());
        Ok(Self {
            verbose: pick.with_default("verbose", verbose, file.verbose, false),
            log_filter: pick.env_text("OCG_LOG"),
            log_json: match pick.env_text("OCG_LOG_FORMAT") {
                None => Sourced::new(false, super::Source::Default),
                Some(format) if format.value == "json" => format.map(|_| true),
                Some(format) if format.value == "text" => format.map(|_| false),
                Some(_) => {
                    let expected = "json or text".to_owned();
                    return Err(ConfigError::Environment { name: "OCG_LOG_FORMAT", expected });
                }
            },
            max_concurrent_turns: pick.with_default(
                "maxConcurrentTurns",
                None,
                file.max_concurrent_turns.map(NonZeroUsize::get),
                256,
            ),
            media_roots: pick.with_default("mediaRoots", None, media_roots, Vec::new()),
            min_release_age_days: pick.with_default(
                "minReleaseAgeDays",
                None,
                file.min_release_age_days,
                7,
            ),
            callback: CallbackSettings::pick(pick, file)?,
            send: SendSettings::pick(pick, file)?,
        })
    }
}

impl CallbackSettings {
    /// Base address that agents are told: `callbackPublicUrl`, or the address that is listened on
    /// with `callbackPublicHost` and `callbackPublicPort` put in. "All interfaces" is no address
    /// that one can call, so that it becomes this machine's own.
    pub fn public_address(&self) -> Result<Url, InvalidCallbackHost> {
        if let Some(url) = &self.public_url {
            return Ok(url.value.clone());
        }
        let host = self.public_host.as_ref().unwrap_or(&self.host).value.trim();
        let host = match host.trim_start_matches('[').trim_end_matches(']') {
            "" | "0.0.0.0" => "127.0.0.1".to_owned(),
            "::" => "[::1]".to_owned(),
            address if address.contains(':') => format!("[{address}]"),
            name => name.to_owned(),
        };
        let port = self.public_port.as_ref().unwrap_or(&self.port).value;
        Url::parse(&format!("http://{host}:{port}")).map_err(|_| InvalidCallbackHost(host))
    }

    /// What the gateway must know to be called back.
    pub fn rules(&self) -> CallbackRules {
        CallbackRules {
            address: self.public_address().unwrap_or_else(|_| CallbackRules::default().address),
            secret: self.secret.as_ref().map(|secret| secret.value.clone()),
            ttl: self.token_ttl.value,
        }
    }

    fn pick(pick: &mut Picker<'_>, file: &ConfigFile) -> Result<Self, ConfigError> {
        let secret = top_secret(pick, "callbackSecret", file.callback_secret.as_ref())?;
        let public_url = file.callback_public_url.as_ref().map(|url| url.0.clone());
        let ttl = file.callback_token_ttl.map(NonZeroU64::get);
        Ok(Self {
            port: pick.with_default("callbackPort", None, file.callback_port, 3457),
            host: pick.with_default(
                "callbackHost",
                None,
                file.callback_host.clone(),
                "0.0.0.0".to_owned(),
            ),
            public_url: pick.optional("callbackPublicUrl", None, public_url),
            public_host: pick.optional(
                "callbackPublicHost",
                None,
                file.callback_public_host.clone(),
            ),
            public_port: pick.optional("callbackPublicPort", None, file.callback_public_port),
            secret: pick.optional("callbackSecret", None, secret),
            token_ttl: pick
                .with_default("callbackTokenTTL", None, ttl, 1800)
                .map(Duration::from_secs),
            enabled: pick.with_default("callbackEnabled", None, file.callback_enabled, false),
            rate_limit: pick.with_default(
                "callbackRateLimit",
                None,
                file.callback_rate_limit.map(NonZeroU32::get),
                1000,
            ),
            metrics_public: pick.with_default("metricsPublic", None, file.metrics_public, false),
        })
    }
}

impl SendSettings {
    fn pick(pick: &mut Picker<'_>, file: &ConfigFile) -> Result<Self, ConfigError> {
        let own = top_secret(pick, "sendSecret", file.send_secret.as_ref())?;
        let secret = match own {
            Some(own) => Some(own),
            None => top_secret(pick, "callbackSecret", file.callback_secret.as_ref())?,
        };
        let timeout = file.send_timeout_ms.map(NonZeroU64::get);
        let has_secret = secret.is_some();
        let enabled = pick.with_default("sendEnabled", None, file.send_enabled, has_secret);
        Ok(Self {
            secret: pick.optional("sendSecret", None, secret),
            enabled: enabled.map(|enabled| enabled && has_secret),
            allowed_channels: pick.optional(
                "sendAllowedChannels",
                None,
                file.send_allowed_channels.clone(),
            ),
            max_text_length: pick.optional(
                "sendMaxTextLength",
                None,
                file.send_max_text_length.map(NonZeroUsize::get),
            ),
            max_body_bytes: pick.with_default(
                "sendMaxBodyBytes",
                None,
                file.send_max_body_bytes.map(NonZeroUsize::get),
                1024 * 1024,
            ),
            timeout: pick
                .with_default("sendTimeoutMs", None, timeout, 30_000)
                .map(Duration::from_millis),
            chunk_prefix: pick.with_default("sendChunkPrefix", None, file.send_chunk_prefix, false),
        })
    }
}

/// A secret of the file's top level; an empty one is none.
fn top_secret(
    pick: &Picker<'_>,
    key: &str,
    reference: Option<&SecretRef>,
) -> Result<Option<SecretString>, ConfigError> {
    use secrecy::ExposeSecret;
    let Some(reference) = reference else { return Ok(None) };
    let secret = pick.secret(&KeyPath::of([key]), reference)?;
    Ok(Some(secret).filter(|secret| !secret.expose_secret().is_empty()))
}
