//! `ocg channels remove`

use ocg_core::channel::Channel;
use ocg_core::config::{KeyPath, edit};
use serde_json::Value;

use crate::cli::{AccountArgs, Global};
use crate::context::{Context, unusable};
use crate::failure::Failure;
use crate::gateway::load_channel;
use crate::output;

/// Takes a channel or an account out of the configuration. A channel whose login lies with its
/// plugin would go on without a section, so that it is switched off instead.
pub async fn run(global: &Global, args: AccountArgs) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let AccountArgs { channel, account } = args;
    let file = context.writable_file()?;
    let section = KeyPath::of(["channels", &channel]);
    let (key, name) = match &account {
        Some(account) => (section.key("accounts").key(account), format!("{channel}/{account}")),
        None => (section.clone(), channel.clone()),
    };
    let written = context.config().raw().is_some_and(|raw| key.find(raw).is_some());
    if written {
        edit::remove_value(&file, &key).map_err(unusable)?;
    }
    let goes_on = runs_without_section(global, &channel, account.as_deref()).await?;
    if !written && !goes_on {
        return Err(Failure::failed(format!("{name} is not configured"))
            .hint("`ocg channels list` shows what is"));
    }
    if goes_on {
        edit::set_value(&file, &key.key("enabled"), &Value::Bool(false)).map_err(unusable)?;
        output::line(format!(
            "Switched {name} off in {}; its login is kept by the plugin",
            file.display()
        ))?;
    } else {
        output::line(format!("Removed {name} from {}", file.display()))?;
    }
    let left = Context::load(global)?;
    if left.configured_channels().iter().any(|channel| left.is_enabled(channel)) {
        return Ok(output::line(context.running().take_up().await?)?);
    }
    if let Some(taken_up) = context.running().take_up_if_any().await? {
        output::line(taken_up)?;
    }
    Ok(output::line(
        "No channel is left. `ocg channels list --all` shows those of the installed plugins, \
         `ocg channels add --channel ID` sets one up.",
    )?)
}

/// Whether the plugin still has an account that it would start.
async fn runs_without_section(
    global: &Global,
    channel: &str,
    account: Option<&str>,
) -> Result<bool, Failure> {
    let context = Context::load(global)?;
    // Without its plugin, nothing of the channel runs.
    let Ok(Some(_)) = context.plugin_store().find_by_channel(channel) else { return Ok(false) };
    let Ok(loaded) = load_channel(&context, channel).await else { return Ok(false) };
    let accounts = loaded.accounts().await;
    loaded.close().await;
    let accounts = accounts.map_err(|error| {
        Failure::failed(format!("channel {channel} cannot list its accounts")).because(&error)
    })?;
    Ok(accounts
        .iter()
        .any(|known| known.blocked.is_none() && account.is_none_or(|account| account == known.id))
        && context.is_enabled(channel))
}
