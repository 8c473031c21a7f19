//! One plugin and the isolate it runs in.

use std::sync::{Arc, PoisonError, Weak};

use ocg_core::admit::{GroupPolicy, PairingFiles, SenderPolicy};
use ocg_core::channel::SendReceipt;
use ocg_core::error::Fault;
use ocg_core::message::AccountKey;
use ocg_core::reply::{DeliverError, ReplyPayload};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::error::PluginError;
use super::http_routes::IsolateRoutes;
use super::links::Links;
use super::login::LoginSession;
use super::route::Route;
use super::seam::Seam;
use super::setup::PluginSetup;
use super::state::StateFile;
use super::wire::{AnnouncedPolicy, LoadedChannel, LoadedPlugin, OutboundReceipt, OutboundRequest};
use crate::isolate::{HostError, Isolate};
use crate::manifest::PluginManifest;

/// An installed plugin, ready to run. All channels of the plugin share it.
///
/// Its isolate is started when it is first needed and again after it has died.
pub struct PluginHost {
    setup: PluginSetup,
    links: Links,
    live: Mutex<Option<Live>>,
    state: StateFile,
    pairing: PairingFiles,
    /// The routes of the isolate that was started last.
    served: std::sync::Mutex<Weak<IsolateRoutes>>,
    me: Weak<Self>,
}

/// A running isolate and what its plugin offers.
struct Live {
    isolate: Isolate,
    channels: Vec<LoadedChannel>,
    /// The hosts that it may reach because the channels' sections name them.
    operator_hosts: Vec<String>,
}

impl PluginHost {
    /// The plugin described by `setup`. Nothing is started yet.
    pub fn new(setup: PluginSetup) -> Arc<Self> {
        let pairing = PairingFiles::new(setup.config.current().state_dir().credentials());
        Arc::new_cyclic(|me| Self {
            setup,
            state: StateFile::default(),
            pairing,
            links: Links::default(),
            live: Mutex::new(None),
            served: std::sync::Mutex::default(),
            me: me.clone(),
        })
    }

    /// The plugin's package name.
    pub fn package(&self) -> &str {
        &self.setup.plugin.package
    }

    pub(super) fn manifest(&self) -> &PluginManifest {
        &self.setup.plugin.manifest
    }

    pub(super) fn links(&self) -> &Links {
        &self.links
    }

    /// The isolate, started if there is none or the last one has died.
    pub(super) async fn isolate(&self) -> Result<Isolate, PluginError> {
        self.with_live(|live| live.isolate.clone()).await
    }

    /// The channels that the plugin registered.
    pub(super) async fn channels(&self) -> Result<Vec<LoadedChannel>, PluginError> {
        self.with_live(|live| live.channels.clone()).await
    }

    /// The isolate if it runs; it is not started.
    pub(super) async fn live_isolate(&self) -> Option<Isolate> {
        let live = self.live.lock().await;
        live.as_ref().map(|live| live.isolate.clone()).filter(|isolate| !isolate.is_closed())
    }

    /// An isolate whose plugin talks to a person. It replaces the running one, if any.
    pub(super) async fn isolate_for_login(
        &self,
        person: Arc<LoginSession>,
    ) -> Result<Isolate, PluginError> {
        let mut slot = self.live.lock().await;
        let live = self.start(Some(person)).await?;
        let isolate = live.isolate.clone();
        *slot = Some(live);
        Ok(isolate)
    }

    async fn with_live<T>(&self, read: impl FnOnce(&Live) -> T) -> Result<T, PluginError> {
        let mut slot = self.live.lock().await;
        if let Some(live) = slot.as_ref().filter(|live| !live.isolate.is_closed()) {
            return Ok(read(live));
        }
        let live = self.start(None).await?;
        Ok(read(slot.insert(live)))
    }

    async fn start(&self, person: Option<Arc<LoginSession>>) -> Result<Live, PluginError> {
        let operator_hosts = self.setup.operator_hosts();
        let seam = Arc::new(Seam::new(self.me.clone(), person, self.new_routes()));
        let isolate = Isolate::start(self.setup.isolate_spec(seam)?).await?;
        isolate.import("ocg:runtime/main").await?;
        isolate.call("config.set", json!({ "config": self.setup.config_view() })).await?;
        let plugin = &self.setup.plugin;
        let loaded = isolate
            .call(
                "plugin.load",
                json!({
                    "entry": plugin.manifest.entry,
                    "package": plugin.package,
                    "version": plugin.version,
                    "root": plugin.root,
                }),
            )
            .await?;
        let LoadedPlugin { channels } = self.read("plugin.load", loaded)?;
        Ok(Live { isolate, channels, operator_hosts })
    }

    /// Routes for an isolate that is about to start. Those of the one before make way.
    fn new_routes(&self) -> Arc<IsolateRoutes> {
        let id = &self.setup.plugin.manifest.id;
        let routes = IsolateRoutes::new(self.setup.routes.clone(), id, self.me.clone());
        let routes = Arc::new(routes);
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *served, Arc::downgrade(&routes)).upgrade() {
            before.end();
        }
        routes
    }

    /// Sends a message outside any turn, through the channel's outbound adapter.
    pub(super) async fn send(
        &self,
        route: &Route,
        payload: &ReplyPayload,
    ) -> Result<SendReceipt, DeliverError> {
        let failed = |reason: String, fault, retryable| DeliverError {
            target: route.to.clone(),
            reason,
            fault,
            retryable,
        };
        let isolate =
            self.isolate().await.map_err(|error| failed(error.to_string(), Fault::Plugin, true))?;
        let request = OutboundRequest {
            channel: &route.account.channel,
            account: &route.account.account,
            to: &route.to,
            thread: route.thread.as_deref(),
            reply_to: route.reply_to.as_deref(),
            text: &payload.text,
            media: &payload.media,
        };
        let receipt = isolate
            .call("outbound.send", json!(request))
            .await
            .map_err(|error| failed(error.to_string(), Fault::Platform, false))?;
        let receipt: OutboundReceipt = self
            .read("outbound.send", receipt)
            .map_err(|error| failed(error.to_string(), Fault::Plugin, false))?;
        Ok(SendReceipt { message_id: receipt.message_id })
    }

    /// Tells a sender that they were approved, through the plugin's pairing adapter (plugin
    /// contract §4.3, `pairing.notifyApproval`). `false` where it has none.
    pub(super) async fn tell_approved(
        &self,
        account: &AccountKey,
        sender: &str,
    ) -> Result<bool, DeliverError> {
        let failed = |reason: String, fault| DeliverError {
            target: sender.to_owned(),
            reason,
            fault,
            retryable: false,
        };
        let isolate =
            self.isolate().await.map_err(|error| failed(error.to_string(), Fault::Plugin))?;
        let args = json!({
            "channel": account.channel, "account": account.account, "sender": sender,
        });
        let told = isolate
            .call("pairing.approved", args)
            .await
            .map_err(|error| failed(error.to_string(), Fault::Platform))?;
        Ok(told == true)
    }

    /// Who may talk to the agent: as configured, and as the plugin announces where it does
    /// (plugin contract §4.3, `security.resolveDmPolicy`).
    pub(super) fn sender_policy(
        &self,
        account: &AccountKey,
        announced: Option<AnnouncedPolicy>,
    ) -> SenderPolicy {
        let config = self.setup.config.current();
        let mut policy = config.sender_policy(&account.channel, &account.account);
        if let Some(announced) = announced {
            policy.dm = announced.dm_policy.into();
            policy.allow_from = announced.allow_from;
        }
        if policy.group == GroupPolicy::Allowlist && policy.group_allow_from.is_empty() {
            let section = config.channel_as_written(&account.channel);
            if section.is_some_and(|section| lists_groups(section, &account.account)) {
                // Only the plugin knows them: it has let this one pass.
                policy.group = GroupPolicy::Open;
            } else {
                // As OpenClaw has it: who may write directly may write in groups, else nobody.
                policy.group_allow_from.clone_from(&policy.allow_from);
            }
        }
        policy
    }

    /// Senders that were approved and those who wait.
    pub(super) fn pairing(&self) -> &PairingFiles {
        &self.pairing
    }

    /// Answers a call for the plugin's keyed stores and queues.
    pub(super) fn state_call(&self, op: &str, args: Value) -> Result<Value, HostError> {
        self.state.call(&self.setup, op, args)
    }

    /// Stores what a plugin changed in its configuration.
    pub(super) fn write_config(&self, before: &Value, after: &Value) -> Result<(), PluginError> {
        self.setup.write_config(before, after)
    }

    /// Reads an answer of the host's JavaScript.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        function: &'static str,
        answer: Value,
    ) -> Result<T, PluginError> {
        serde_json::from_value(answer).map_err(|source| PluginError::Answer { function, source })
    }

    /// Whether the configuration in force names other hosts than those that the isolate may reach:
    /// then it must be ended, so that the next one may.
    pub async fn is_outdated(&self) -> bool {
        let live = self.live.lock().await;
        live.as_ref().is_some_and(|live| live.operator_hosts != self.setup.operator_hosts())
    }

    /// Gives the isolate, if it runs, the configuration that is in force now. Accounts that run
    /// were started with the one before.
    ///
    /// # Errors
    /// The isolate has died.
    pub async fn refresh_config(&self) -> Result<(), PluginError> {
        if let Some(isolate) = self.live_isolate().await {
            isolate.call("config.set", json!({ "config": self.setup.config_view() })).await?;
        }
        Ok(())
    }

    /// Ends the isolate; the next use starts another.
    pub async fn close(&self) {
        if let Some(live) = self.live.lock().await.take() {
            live.isolate.stop().await;
        }
    }
}

/// What platforms call groups, as keys of a channel's section.
const GROUP_LISTS: [&str; 5] = ["groups", "guilds", "channels", "rooms", "teams"];

/// Whether a channel's section, or its account's, names groups.
fn lists_groups(section: &Value, account: &str) -> bool {
    let account = &section["accounts"][account];
    let is_filled = |list: &Value| list.as_object().is_some_and(|list| !list.is_empty());
    GROUP_LISTS.iter().any(|key| is_filled(&account[key]) || is_filled(&section[key]))
}
