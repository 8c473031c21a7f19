//! The channel that a plugin makes.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ocg_core::channel::{
    Account, Channel, ChannelError, ChannelTraits, MemoryUse, OutboundMessage, SendReceipt,
};
use ocg_core::error::Fault;
use ocg_core::gateway::AccountLink;
use ocg_core::message::AccountKey;
use ocg_core::reply::DeliverError;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::error::PluginError;
use super::host::PluginHost;
use super::route::Route;
use super::wire::{ListedAccount, LoadedChannel, LoginKind};

/// How long stopping an account may take: its open turns are answered first (the gateway gives
/// them less than a minute), then its `stopAccount` has five seconds (plugin contract §4.4).
const STOP_TIMEOUT: Duration = Duration::from_secs(70);

/// How long `startAccount` may take to return after that.
const END_TIMEOUT: Duration = Duration::from_secs(3);

/// One channel of an OpenClaw plugin.
pub struct PluginChannel {
    host: Arc<PluginHost>,
    loaded: LoadedChannel,
}

impl PluginChannel {
    /// Starts the plugin of `host` and returns its channels.
    pub async fn load(host: &Arc<PluginHost>) -> Result<Vec<Self>, PluginError> {
        let channels = host.channels().await?;
        Ok(channels.into_iter().map(|loaded| Self { host: Arc::clone(host), loaded }).collect())
    }

    /// Whether the channel has a login of its own.
    pub fn can_login(&self) -> bool {
        self.loaded.login.is_some()
    }

    pub(super) fn login_kind(&self) -> Option<LoginKind> {
        self.loaded.login
    }

    /// The id that the plugin gave the channel.
    pub(super) fn plugin_id(&self) -> &str {
        &self.loaded.id
    }

    /// JSON Schema of the channel's configuration section, where the manifest has one.
    pub(super) fn config_schema(&self) -> Option<&Value> {
        self.host.manifest().channel(&self.loaded.id)?.config_schema.as_ref()
    }

    /// Whether the plugin wants the channel restarted when `setting`, a path of keys, changes
    /// (plugin contract §4.4).
    pub fn reloads_for(&self, setting: &str) -> bool {
        self.loaded.reload_prefixes.iter().any(|prefix| {
            setting
                .strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    /// The plugin behind the channel.
    pub fn host(&self) -> &Arc<PluginHost> {
        &self.host
    }
}

#[async_trait]
impl Channel for PluginChannel {
    fn id(&self) -> &str {
        &self.loaded.id
    }

    fn traits(&self) -> ChannelTraits {
        self.loaded.traits()
    }

    async fn accounts(&self) -> Result<Vec<Account>, ChannelError> {
        let isolate = self.host.isolate().await?;
        let listed = isolate
            .call("accounts.list", json!({ "channel": self.id() }))
            .await
            .map_err(PluginError::from)?;
        let listed: Vec<ListedAccount> = self.host.read("accounts.list", listed)?;
        Ok(listed.into_iter().map(Account::from).collect())
    }

    async fn run(
        &self,
        account: &str,
        link: AccountLink,
        stop: CancellationToken,
    ) -> Result<(), ChannelError> {
        let isolate = self.host.isolate().await?;
        let _open = self.host.links().open(link);
        let args = json!({ "channel": self.id(), "account": account });
        let life = isolate.call("account.start", args.clone());
        tokio::pin!(life);
        tokio::select! {
            ended = &mut life => {
                ended.map_err(PluginError::from)?;
                return Err(ChannelError {
                    reason: "the plugin ended the account without an error; look at what it logged before"
                        .to_owned(),
                    fault: Fault::Plugin,
                    retryable: true,
                });
            }
            () = stop.cancelled() => {}
        }
        let stopped = timeout(STOP_TIMEOUT, isolate.call("account.stop", args)).await;
        match timeout(END_TIMEOUT, life).await {
            Ok(Ok(_)) if matches!(stopped, Ok(Ok(_))) => {}
            Ok(Err(error)) => return Err(PluginError::from(error).into()),
            _ => {
                let key = AccountKey::new(self.id(), account);
                tracing::warn!(target: "ocg::plugin", account = %key, "the plugin did not stop in time");
            }
        }
        Ok(())
    }

    async fn tell_approved(&self, account: &str, sender: &str) -> Result<bool, DeliverError> {
        self.host.tell_approved(&AccountKey::new(self.id(), account), sender).await
    }

    async fn send(&self, message: OutboundMessage) -> Result<SendReceipt, DeliverError> {
        let route = Route {
            account: AccountKey::new(self.id(), &message.account),
            to: message.to,
            thread: message.thread,
            reply_to: message.reply_to,
        };
        if !self.loaded.can_send {
            return Err(DeliverError {
                target: route.to,
                reason: format!(
                    "the plugin of channel {} cannot send on its own account",
                    self.id()
                ),
                fault: Fault::Config,
                retryable: false,
            });
        }
        self.host.send(&route, &message.payload).await
    }

    async fn memory(&self) -> Option<MemoryUse> {
        let memory = self.host.live_isolate().await?.memory().await.ok()?;
        let owner = self.host.package().to_owned();
        Some(MemoryUse { owner, used: memory.used, limit: memory.limit })
    }

    async fn close(&self) {
        self.host.close().await;
    }
}
