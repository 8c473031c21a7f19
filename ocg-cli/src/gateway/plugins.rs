//! From the configuration and the installed plugins to loaded channels.

use std::sync::Arc;

use futures::future::join_all;

use ocg_core::channel::Channel;
use ocg_js::install::InstalledPlugin;
use ocg_js::plugin::{PluginChannel, PluginHost, PluginSetup};

use crate::context::{Context, install_hint};
use crate::control::ChannelFailure;
use crate::failure::Failure;
use crate::output::{note, warn};

/// The channels of a gateway.
pub struct LoadedChannels {
    /// Those that can be served.
    pub loaded: Vec<Arc<dyn Channel>>,
    /// Those that cannot, and why.
    pub failed: Vec<ChannelFailure>,
}

/// Loads the channels of all installed plugins, except those that the configuration disables.
///
/// # Errors
/// No channel is left.
pub async fn load_channels(context: &Context) -> Result<LoadedChannels, Failure> {
    let plugins = context.plugins()?;
    let missing = not_installed(context, &plugins);
    let wanted: Vec<&InstalledPlugin> = plugins
        .iter()
        .filter(|plugin| plugin.channels().iter().any(|channel| context.is_enabled(&channel.id)))
        .collect();
    if wanted.is_empty() {
        return Err(nothing_to_start(missing));
    }
    let mut failed = Vec::new();
    for one in missing {
        warn(format!("{}; {}", one.error, install_hint(&one.channel)));
        failed.push(one);
    }
    let mut loaded: Vec<Arc<dyn Channel>> = Vec::new();
    // Each plugin has a thread of its own: they load side by side.
    let results = join_all(wanted.iter().map(|plugin| load(context, plugin))).await;
    for (plugin, result) in wanted.iter().zip(results) {
        match result {
            Ok(channels) => {
                let enabled =
                    channels.into_iter().filter(|channel| context.is_enabled(channel.id()));
                loaded.extend(enabled.map(|channel| Arc::new(channel) as Arc<dyn Channel>));
            }
            Err(failure) => {
                note(failure.render(false).trim_end());
                failed.extend(plugin.channels().iter().map(|channel| ChannelFailure {
                    channel: channel.id.clone(),
                    error: failure.render(false).trim_end().replace('\n', "; "),
                }));
            }
        }
    }
    if loaded.is_empty() {
        return Err(Failure::failed("no channel could be loaded")
            .hint("`ocg plugins check PACKAGE` shows what a plugin needs"));
    }
    Ok(LoadedChannels { loaded, failed })
}

async fn load(context: &Context, plugin: &InstalledPlugin) -> Result<Vec<PluginChannel>, Failure> {
    let host = plugin_host(context, plugin)?;
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
    let mut channels = load(context, &plugin).await?.into_iter();
    channels.find(|channel| channel.id() == id).ok_or_else(|| {
        Failure::failed(format!("plugin {} did not register channel {id}", plugin.package))
    })
}

/// The host of an installed plugin; nothing is started yet.
fn plugin_host(context: &Context, plugin: &InstalledPlugin) -> Result<Arc<PluginHost>, Failure> {
    Ok(PluginHost::new(PluginSetup {
        plugin: plugin.clone(),
        config: Arc::clone(&context.config),
        config_file: context.writable_file()?,
        environment: context.location.environment.clone(),
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
