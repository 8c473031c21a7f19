//! `ocg plugins list` and `remove`

use std::time::{Duration, SystemTime};

use serde::Serialize;

use ocg_js::install::InstalledPlugin;

use crate::cli::Global;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{self, Table};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PluginEntry<'a> {
    package: &'a str,
    version: &'a str,
    channels: Vec<&'a str>,
    installed_at: String,
    folder: String,
}

/// Lists what is installed.
pub fn list(global: &Global, json: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let plugins = context.plugins()?;
    let entries: Vec<PluginEntry> = plugins.iter().map(entry).collect();
    if json {
        return Ok(output::json(&entries)?);
    }
    if entries.is_empty() {
        return Ok(output::line(
            "No plugins are installed; `ocg plugins install @tencent-weixin/openclaw-weixin` \
             installs WeChat.",
        )?);
    }
    let mut table = Table::new(["package", "version", "channels", "installed"]);
    for entry in entries {
        table.row([
            entry.package.to_owned(),
            entry.version.to_owned(),
            entry.channels.join(", "),
            entry.installed_at,
        ]);
    }
    Ok(table.print()?)
}

fn entry(plugin: &InstalledPlugin) -> PluginEntry<'_> {
    let installed_at = SystemTime::UNIX_EPOCH + Duration::from_secs(plugin.installed_at);
    PluginEntry {
        package: &plugin.package,
        version: &plugin.version,
        channels: plugin.channels().iter().map(|channel| channel.id.as_str()).collect(),
        installed_at: output::timestamp(installed_at),
        folder: plugin.root.display().to_string(),
    }
}

/// Removes a plugin; what it stored of its own stays.
pub async fn remove(global: &Global, package: &str) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let (package, version) = context.plugin_store().remove(package).map_err(|error| {
        let failed = Failure::failed(format!("cannot remove {package}"));
        failed.because(&error).hint_if(error.hint())
    })?;
    output::line(format!("Removed {package} {version}"))?;
    output::line(format!(
        "Logins and other data that it stored are kept in {}",
        context.state.plugin_state().display()
    ))?;
    match context.running().take_up_if_any().await? {
        Some(taken_up) => Ok(output::line(taken_up)?),
        None => Ok(()),
    }
}
