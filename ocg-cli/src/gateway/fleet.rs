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
use crate::output::{note, warn};

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
            return Err(nothing_to_start(missing));
        }
        for one in &missing {
            warn(format!("{}; {}", one.error, install_hint(&one.channel)));
        }
        let mut fleet = Self { channels: Vec::new(), failed: missing, routes };
        let wanted = plugins.into_iter().filter(|plugin| is_wanted(context, plugin)).collect();
        fleet.add(context, wanted).await;
        if fleet.channels.is_empty() {
            return Err(Failure::failed("no channel could be loaded")
                .hint("`ocg plugins check PACKAGE` shows what a plugin needs"));
        }
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
        self.failed = not_installed(context, &plugins);
        let wanted = plugins.into_iter().filter(|plugin| {
            plugin.channels().iter().any(|channel| {
                context.is_enabled(&channel.id) && self.package_of(&channel.id).is_none()
            })
        });
        let wanted = wanted.collect();
        Ok(self.add(context, wanted).await)
    }

    /// Whether other channels than `channel` use its plugin.
    pub fn shares_plugin(&self, channel: &PluginChannel) -> bool {
        self.channels().any(|other| Arc::ptr_eq(other.host(), channel.host()))
    }

    async fn add(
        &mut self,
        context: &Context,
        plugins: Vec<InstalledPlugin>,
    ) -> Vec<Arc<PluginChannel>> {
        let mut added = Vec::new();
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
                    note(failure.render(false).trim_end());
                    self.failed.extend(plugin.channels().iter().map(|channel| ChannelFailure {
                        channel: channel.id.clone(),
                        error: failure.render(false).trim_end().replace('\n', "; "),
                    }));
                }
            }
        }
        let channels = added.iter().map(|served| Arc::clone(&served.channel)).collect();
        self.channels.extend(added);
        channels
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
        Failure::failed(format!("cannot load plugin {} {}", plugin.package, plugin.version))
            .because(&error)
    })
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
fn not_installed(context: &Context, plugins: &[InstalledPlugin]) -> Vec<ChannelFailure> {
    let offered = |id: &str| plugins.iter().any(|plugin| plugin.manifest.channel(id).is_some());
    let configured = context.configured_channels().into_iter();
    configured
        .filter(|id| context.is_enabled(id) && !offered(id))
        .map(|id| {
            let error = format!("channel {id} is configured, but no installed plugin offers it");
            ChannelFailure { channel: id, error }
        })
        .collect()
}

fn nothing_to_start(missing: Vec<ChannelFailure>) -> Failure {
    match missing.into_iter().next() {
        Some(first) => Failure::usage(first.error).hint(install_hint(&first.channel)),
        None => Failure::usage("there is no channel to start").hint(
            "`ocg plugins install @tencent-weixin/openclaw-weixin` installs WeChat; \
             `ocg demo --echo` needs no channel",
        ),
    }
}

#[cfg(test)]
impl Fleet {
    /// No channel at all, for gateways with channels of another kind.
    pub fn without_channels(failed: Vec<ChannelFailure>) -> Self {
        Self { channels: Vec::new(), failed, routes: Routes::default() }
    }
}
