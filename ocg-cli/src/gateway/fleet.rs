//! From the configuration and the installed plugins to loaded channels.

use std::sync::Arc;

use futures::future::join_all;

use ocg_core::channel::Channel;
use ocg_core::http::routes::Routes;
use ocg_js::install::InstalledPlugin;
use ocg_js::plugin::{PluginChannel, PluginHost, PluginSetup};

use crate::context::{Context, install_hint};
use crate::control::ChannelFailure;
use crate::failure::Failure;

/// The channels that a gateway serves, and those that it cannot.
pub struct Fleet {
    channels: Vec<Served>,
    failed: Vec<ChannelFailure>,
    /// Where the plugins' HTTP routes go.
    routes: Routes,
}

/// A channel that is served.
struct Served {
    channel: Arc<PluginChannel>,
    /// The plugin's package and version.
    plugin: (String, String),
}

impl Fleet {
    /// Loads the channels of all installed plugins, except those that the configuration disables.
    /// Their HTTP routes go to `routes`.
    ///
    /// # Errors
    /// No channel is left.
    pub async fn load(context: &Context, routes: Routes) -> Result<Self, Failure> {
        let plugins = context.plugins()?;
        let missing = not_installed(context, &plugins);
        if !plugins.iter().any(|plugin| is_wanted(context, plugin)) {
            return Err(missing.into_iter().next().map_or_else(nothing_to_start, |(_, why)| why));
        }
        let failed = missing.iter().map(failed_channel).collect();
        let mut fleet = Self { channels: Vec::new(), failed, routes };
        let wanted = plugins.into_iter().filter(|plugin| is_wanted(context, plugin)).collect();
        let (_, mut failures) = fleet.add(context, wanted).await;
        if fleet.channels.is_empty() {
            return Err(match (failures.pop(), fleet.failed.len()) {
                (Some(only), 1) => only,
                _ => Failure::failed("no channel could be loaded")
                    .because_of_each(fleet.failed.into_iter().map(|failed| failed.error)),
            });
        }
        fleet.failed.iter().for_each(log);
        Ok(fleet)
    }

    /// The channels that can be served.
    pub fn channels(&self) -> impl Iterator<Item = &Arc<PluginChannel>> {
        self.channels.iter().map(|served| &served.channel)
    }

    /// Those that cannot, and why.
    pub fn failed(&self) -> &[ChannelFailure] {
        &self.failed
    }

    /// The packages of the plugins behind the channels.
    pub fn package_of(&self, channel: &str) -> Option<&str> {
        let served = self.channels.iter().find(|served| served.channel.id() == channel)?;
        Some(&served.plugin.0)
    }

    /// Takes out the channels that are not wanted any more.
    ///
    /// # Errors
    /// The plugins folder cannot be read.
    pub fn take_unwanted(&mut self, context: &Context) -> Result<Vec<Arc<PluginChannel>>, Failure> {
        let plugins = context.plugins()?;
        let installed: Vec<_> = plugins.iter().map(identity).collect();
        let is_unwanted = |served: &mut Served| {
            !context.is_enabled(served.channel.id()) || !installed.contains(&served.plugin)
        };
        Ok(self.channels.extract_if(.., is_unwanted).map(|served| served.channel).collect())
    }

    /// Loads what is wanted and not there yet; returns the new channels.
    ///
    /// # Errors
    /// The plugins folder cannot be read.
    pub async fn load_wanted(
        &mut self,
        context: &Context,
    ) -> Result<Vec<Arc<PluginChannel>>, Failure> {
        let plugins = context.plugins()?;
        let missing = not_installed(context, &plugins);
        let known = std::mem::take(&mut self.failed);
        self.failed = missing.iter().map(failed_channel).collect();
        let wanted = plugins.into_iter().filter(|plugin| {
            plugin.channels().iter().any(|channel| {
                context.is_enabled(&channel.id) && self.package_of(&channel.id).is_none()
            })
        });
        let wanted = wanted.collect();
        let (added, _) = self.add(context, wanted).await;
        self.failed.iter().filter(|failed| !known.contains(failed)).for_each(log);
        Ok(added)
    }

    /// Whether other channels than `channel` use its plugin.
    pub fn shares_plugin(&self, channel: &PluginChannel) -> bool {
        self.channels().any(|other| Arc::ptr_eq(other.host(), channel.host()))
    }

    /// Loads plugins; returns the channels that they have brought, and why others cannot be loaded.
    async fn add(
        &mut self,
        context: &Context,
        plugins: Vec<InstalledPlugin>,
    ) -> (Vec<Arc<PluginChannel>>, Vec<Failure>) {
        let (mut added, mut failures) = (Vec::new(), Vec::new());
        // Each plugin has a thread of its own: they load side by side.
        let results =
            join_all(plugins.iter().map(|plugin| load(context, plugin, &self.routes))).await;
        for (plugin, result) in plugins.iter().zip(results) {
            match result {
                Ok(channels) => added.extend(
                    channels
                        .into_iter()
                        .filter(|channel| context.is_enabled(channel.id()))
                        .filter(|channel| self.package_of(channel.id()).is_none())
                        .map(|channel| Served {
                            channel: Arc::new(channel),
                            plugin: identity(plugin),
                        })
                        .collect::<Vec<_>>(),
                ),
                Err(failure) => {
                    let error = failure.one_line();
                    self.failed.extend(plugin.channels().iter().map(|channel| ChannelFailure {
                        channel: channel.id.clone(),
                        error: error.clone(),
                    }));
                    failures.push(failure);
                }
            }
        }
        let channels = added.iter().map(|served| Arc::clone(&served.channel)).collect();
        self.channels.extend(added);
        (channels, failures)
    }
}

fn identity(plugin: &InstalledPlugin) -> (String, String) {
    (plugin.package.clone(), plugin.version.clone())
}

fn is_wanted(context: &Context, plugin: &InstalledPlugin) -> bool {
    plugin.channels().iter().any(|channel| context.is_enabled(&channel.id))
}

async fn load(
    context: &Context,
    plugin: &InstalledPlugin,
    routes: &Routes,
) -> Result<Vec<PluginChannel>, Failure> {
    let host = plugin_host(context, plugin, routes)?;
    PluginChannel::load(&host).await.map_err(|error| {
        let InstalledPlugin { package, version, .. } = plugin;
        let failure = match missing_name(&error.to_string()) {
            Some(name) => Failure::failed(format!(
                "plugin {package} {version} cannot run yet: it needs {name} of OpenClaw's plugin \
                 SDK, which ocg does not have"
            )),
            None => {
                Failure::failed(format!("cannot load plugin {package} {version}")).because(&error)
            }
        };
        failure.hint(format!("`ocg plugins check {package}` shows what it needs"))
    })
}

/// The name that a plugin called in vain, as `subpath#name`, if that is what is wrong.
fn missing_name(error: &str) -> Option<&str> {
    let (_, name) = error.split_once("OcgSdkNotImplemented: ")?;
    name.split_whitespace().next()
}

/// Loads one channel by its id, for a command that runs without the gateway. It must be closed.
///
/// # Errors
/// No installed plugin offers it, or the plugin cannot be loaded.
pub async fn load_channel(context: &Context, channel: &str) -> Result<PluginChannel, Failure> {
    let plugin = context.plugin_of_channel(channel)?;
    // The plugin can be found by short names, the channel only by its own.
    let id = plugin.manifest.channel(channel).map_or(channel, |channel| &channel.id);
    context.create_state()?;
    // Nobody serves them: the gateway does, in its own process.
    let routes = Routes::default();
    let mut channels = load(context, &plugin, &routes).await?.into_iter();
    channels.find(|channel| channel.id() == id).ok_or_else(|| {
        Failure::failed(format!("plugin {} did not register channel {id}", plugin.package))
    })
}

/// Loads all channels of a plugin, to see that it runs. The host of each must be closed.
///
/// # Errors
/// It does not run.
pub async fn load_plugin(
    context: &Context,
    plugin: &InstalledPlugin,
) -> Result<Vec<PluginChannel>, Failure> {
    load(context, plugin, &Routes::default()).await
}

/// The host of an installed plugin; nothing is started yet.
fn plugin_host(
    context: &Context,
    plugin: &InstalledPlugin,
    routes: &Routes,
) -> Result<Arc<PluginHost>, Failure> {
    Ok(PluginHost::new(PluginSetup {
        plugin: plugin.clone(),
        config: context.live.clone(),
        config_file: context.writable_file()?,
        environment: context.location.environment.clone(),
        routes: routes.clone(),
    }))
}

/// Channels that the configuration names and no installed plugin offers.
fn not_installed(context: &Context, plugins: &[InstalledPlugin]) -> Vec<(String, Failure)> {
    let offered = |id: &str| plugins.iter().any(|plugin| plugin.manifest.channel(id).is_some());
    let configured = context.configured_channels().into_iter();
    configured
        .filter(|id| context.is_enabled(id) && !offered(id))
        .map(|id| {
            let failure = Failure::usage(format!(
                "channel {id} is configured, but no installed plugin offers it"
            ));
            let failure = failure.hint(install_hint(&id));
            (id, failure)
        })
        .collect()
}

fn failed_channel((channel, failure): &(String, Failure)) -> ChannelFailure {
    ChannelFailure { channel: channel.clone(), error: failure.one_line() }
}

fn log(ChannelFailure { channel, error }: &ChannelFailure) {
    tracing::error!(target: "ocg::gateway", channel, "{error}");
}

fn nothing_to_start() -> Failure {
    Failure::usage("there is no channel to start").hint(
        "`ocg plugins install @tencent-weixin/openclaw-weixin` installs WeChat; \
         `ocg demo --echo` needs no channel",
    )
}

#[cfg(test)]
impl Fleet {
    /// No channel at all, for gateways with channels of another kind.
    pub fn without_channels(failed: Vec<ChannelFailure>) -> Self {
        Self { channels: Vec::new(), failed, routes: Routes::default() }
    }
}
