//! Taking up a new configuration while the gateway runs.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use futures::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use ocg_core::channel::Channel;
use ocg_core::config::{ChannelChange, Config, ConfigChanges};
use ocg_core::gateway::GatewayHandle;
use ocg_js::plugin::PluginChannel;

use super::fleet::Fleet;
use crate::context::Context;
use crate::control::ChannelFailure;
use crate::output::timestamp;

/// An editor writes a file in several steps; we wait until it has been quiet for this long.
const QUIET: Duration = Duration::from_millis(150);

/// Where the running configuration stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigReport {
    /// Since when the running configuration is in force, RFC 3339.
    pub since: String,
    /// What is wrong with the file as it is now; the configuration before goes on.
    pub error: Option<String>,
    /// Settings that were changed and wait for `ocg restart`.
    pub at_next_start: Vec<String>,
}

/// What a change of the configuration came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReloadReport {
    /// Settings that differ.
    pub changed: Vec<String>,
    /// Channels, or accounts as `channel/account`, that were restarted.
    pub restarted: Vec<String>,
    /// Channels that came.
    pub added: Vec<String>,
    /// Channels that went.
    pub removed: Vec<String>,
    /// Settings that wait for `ocg restart`.
    pub at_next_start: Vec<String>,
    /// What is wrong; then nothing was done.
    pub error: Option<String>,
}

/// Reads the configuration anew and restarts what it touches.
pub struct Reloader {
    context: Arc<Context>,
    gateway: GatewayHandle,
    /// One change at a time; what is served changes with it.
    fleet: tokio::sync::Mutex<Fleet>,
    state: Mutex<State>,
}

struct State {
    since: SystemTime,
    error: Option<String>,
    at_next_start: BTreeSet<String>,
    failed: Vec<ChannelFailure>,
    file: Option<PathBuf>,
}

impl Reloader {
    /// The reloader of `gateway`, which serves `fleet`.
    pub fn new(context: Arc<Context>, gateway: GatewayHandle, fleet: Fleet) -> Self {
        let state = State {
            since: SystemTime::now(),
            error: None,
            at_next_start: BTreeSet::new(),
            failed: fleet.failed().to_vec(),
            file: context.config().file().map(ToOwned::to_owned),
        };
        let reloader = Self {
            context,
            gateway,
            fleet: tokio::sync::Mutex::new(fleet),
            state: Mutex::new(state),
        };
        reloader.tell_gateway();
        reloader
    }

    /// Where the running configuration stands.
    pub fn report(&self) -> ConfigReport {
        let state = self.state();
        ConfigReport {
            since: timestamp(state.since),
            error: state.error.clone(),
            at_next_start: state.at_next_start.iter().cloned().collect(),
        }
    }

    /// Channels that are configured and cannot be served.
    pub fn failed_channels(&self) -> Vec<ChannelFailure> {
        self.state().failed.clone()
    }

    /// Tells the gateway which channels it lacks.
    fn tell_gateway(&self) {
        let failed = self.failed_channels().into_iter();
        self.gateway.set_unserved(failed.map(|one| (one.channel, one.error)).collect());
    }

    /// Reloads whenever something may have changed, until `stop` is cancelled.
    pub async fn follow(&self, mut hints: mpsc::Receiver<()>, stop: CancellationToken) {
        let follow = async {
            while hints.recv().await.is_some() {
                while let Ok(Some(())) = tokio::time::timeout(QUIET, hints.recv()).await {}
                self.reload().await;
            }
            std::future::pending().await
        };
        stop.run_until_cancelled(follow).await.unwrap_or_default()
    }

    /// Reads the configuration; if it can be used, puts it into force and restarts what it touches.
    pub async fn reload(&self) -> ReloadReport {
        let mut fleet = self.fleet.lock().await;
        let new = match self.read() {
            Ok(new) => new,
            Err(error) => return self.refuse(error),
        };
        let old = self.context.config();
        let changes = ConfigChanges::between(&old, &new);
        self.state().error = None;
        for warning in new.warnings() {
            if !old.warnings().contains(warning) {
                tracing::warn!("{warning}");
            }
        }
        self.context.live.replace(new);
        let report = self.apply(&mut fleet, &changes).await;
        self.state().failed = fleet.failed().to_vec();
        self.tell_gateway();
        if report != ReloadReport::default() {
            self.announce(&report);
        }
        report
    }

    fn read(&self) -> Result<Config, String> {
        let new = Config::load(&self.context.location).map_err(|error| error.to_string())?;
        match (&self.state().file, new.file()) {
            (Some(old), None) => Err(format!("the configuration file {} is gone", old.display())),
            _ => Ok(new),
        }
    }

    fn refuse(&self, error: String) -> ReloadReport {
        let mut state = self.state();
        if state.error.as_ref() != Some(&error) {
            tracing::error!(target: "ocg::config", "the configuration stays as it was: {error}");
            state.error = Some(error.clone());
        }
        ReloadReport { error: Some(error), ..ReloadReport::default() }
    }

    async fn apply(&self, fleet: &mut Fleet, changes: &ConfigChanges) -> ReloadReport {
        let texts = |paths: &[ocg_core::config::KeyPath]| -> Vec<String> {
            paths.iter().map(ToString::to_string).collect()
        };
        let mut report = ReloadReport {
            changed: texts(&changes.paths),
            at_next_start: texts(&changes.at_next_start),
            ..ReloadReport::default()
        };
        match fleet.take_unwanted(&self.context) {
            Ok(unwanted) => {
                for channel in unwanted {
                    report.removed.push(channel.id().to_owned());
                    self.remove(&channel, fleet.shares_plugin(&channel)).await;
                }
            }
            Err(failure) => report.error = Some(failure.render(false)),
        }
        let anew = self.unload(fleet, changes).await;
        let updates = fleet.channels().map(|channel| {
            let anew = anew.iter().any(|one| one == channel.id());
            self.update(channel, changes, anew)
        });
        report.restarted = join_all(updates).await.into_iter().flatten().collect();
        match fleet.load_wanted(&self.context).await {
            Ok(added) => {
                for channel in added {
                    report.added.push(channel.id().to_owned());
                    if let Err(error) = self.gateway.add_channel(channel) {
                        tracing::error!(target: "ocg::config", %error, "channel not added");
                    }
                }
            }
            Err(failure) => report.error = Some(failure.render(false)),
        }
        report
    }

    async fn remove(&self, channel: &PluginChannel, plugin_is_shared: bool) {
        if let Err(error) = self.gateway.remove_channel(channel.id()).await {
            tracing::warn!(target: "ocg::config", %error, "channel not removed");
        }
        if !plugin_is_shared {
            channel.host().close().await;
        }
    }

    /// Ends the plugins that must be loaded anew; returns their channels.
    async fn unload(&self, fleet: &Fleet, changes: &ConfigChanges) -> Vec<String> {
        let mut ended = Vec::new();
        for channel in fleet.channels() {
            let package = fleet.package_of(channel.id());
            let anew = changes.every_plugin
                || package.is_some_and(|package| changes.plugins.contains(package))
                || channel.host().is_outdated().await;
            if anew {
                ended.push(channel);
            }
        }
        // All accounts of a plugin end before it does.
        for channel in &ended {
            if let Err(error) = self.gateway.stop(channel.id(), None).await {
                tracing::error!(target: "ocg::config", channel = channel.id(), %error, "not stopped");
            }
        }
        for channel in &ended {
            channel.host().close().await;
        }
        ended.into_iter().map(|channel| channel.id().to_owned()).collect()
    }

    /// Gives a channel what is new for it; returns what was restarted.
    async fn update(
        &self,
        channel: &PluginChannel,
        changes: &ConfigChanges,
        anew: bool,
    ) -> Vec<String> {
        let id = channel.id();
        let is_seen = !changes.channels.is_empty() || !changes.shared.is_empty();
        if is_seen && let Err(error) = channel.host().refresh_config().await {
            tracing::warn!(target: "ocg::config", channel = id, %error, "the plugin did not take the new configuration");
        }
        let shared = changes.shared.iter().any(|path| channel.reloads_for(&path.to_string()));
        let (only, touched) = match changes.channels.get(id) {
            _ if anew || shared => (None, vec![id.to_owned()]),
            Some(ChannelChange::Whole) => (None, vec![id.to_owned()]),
            Some(ChannelChange::Accounts(accounts)) => {
                let names = accounts.iter().map(|account| format!("{id}/{account}"));
                (Some(accounts), names.collect())
            }
            None => return Vec::new(),
        };
        match self.gateway.renew(id, only).await {
            Ok(()) => touched,
            Err(error) => {
                tracing::error!(target: "ocg::config", channel = id, %error, "not restarted");
                Vec::new()
            }
        }
    }

    fn announce(&self, report: &ReloadReport) {
        let mut state = self.state();
        state.since = SystemTime::now();
        state.at_next_start.extend(report.at_next_start.iter().cloned());
        let list = |names: &[String]| names.join(", ");
        tracing::info!(
            target: "ocg::config",
            changed = list(&report.changed),
            restarted = list(&report.restarted),
            added = list(&report.added),
            removed = list(&report.removed),
            "the new configuration is in force"
        );
        if !report.at_next_start.is_empty() {
            tracing::warn!(
                target: "ocg::config",
                settings = list(&report.at_next_start),
                "these settings wait for `ocg restart`"
            );
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
