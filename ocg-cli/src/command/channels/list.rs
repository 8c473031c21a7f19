//! `ocg channels list`

use serde::Serialize;

use ocg_js::install::InstalledPlugin;

use crate::cli::Global;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{self, Style, Table, paint};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChannelEntry {
    id: String,
    label: Option<String>,
    configured: bool,
    enabled: bool,
    package: Option<String>,
    version: Option<String>,
}

/// Lists the configured channels; with `all` also those that installed plugins offer.
pub fn run(global: &Global, all: bool, json: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let plugins = context.plugins()?;
    let configured = context.configured_channels();
    let ids = if all { context.channel_ids()? } else { configured.clone() };
    let entries: Vec<ChannelEntry> =
        ids.into_iter().map(|id| entry(&context, &plugins, configured.contains(&id), id)).collect();
    if json {
        return Ok(output::json(&entries)?);
    }
    if entries.is_empty() {
        return Ok(output::line(if all {
            "No channel is configured and no plugin is installed."
        } else {
            "No channel is configured; `ocg channels list --all` also shows what installed plugins \
             offer."
        })?);
    }
    let mut table = Table::new(["channel", "label", "state", "plugin"]);
    for entry in entries {
        let state = match (&entry.package, entry.enabled) {
            (None, _) => paint(Style::Bad, "plugin not installed"),
            (_, false) => paint(Style::Dim, "disabled"),
            (_, true) => paint(Style::Good, "enabled"),
        };
        let plugin = entry.package.zip(entry.version);
        let plugin = plugin.map(|(name, version)| format!("{name} {version}"));
        table.row([entry.id, entry.label.unwrap_or_default(), state, plugin.unwrap_or_default()]);
    }
    Ok(table.print()?)
}

fn entry(
    context: &Context,
    plugins: &[InstalledPlugin],
    configured: bool,
    id: String,
) -> ChannelEntry {
    let offer = plugins
        .iter()
        .find_map(|plugin| plugin.manifest.channel(&id).map(|channel| (plugin, channel)));
    ChannelEntry {
        label: offer.map(|(_, channel)| channel.label.clone()),
        configured,
        enabled: context.is_enabled(&id),
        package: offer.map(|(plugin, _)| plugin.package.clone()),
        version: offer.map(|(plugin, _)| plugin.version.clone()),
        id,
    }
}
