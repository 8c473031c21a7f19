//! `ocg channels status`, `start` and `stop`: all on the running gateway

use crate::cli::{AccountArgs, Global};
use crate::command::status::show_accounts;
use crate::context::Context;
use crate::control::Request;
use crate::failure::Failure;
use crate::output;

/// Shows the accounts of the running gateway.
pub async fn status(global: &Global, channel: Option<&str>, json: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let mut report = context.gateway_report().await?.ok_or_else(Context::not_running)?;
    if let Some(channel) = channel {
        report.accounts.retain(|account| account.channel == channel);
        report.failed_channels.retain(|failure| failure.channel == channel);
        if report.accounts.is_empty() && report.failed_channels.is_empty() {
            return Err(Failure::failed(format!(
                "the gateway has no account of channel {channel}"
            ))
            .hint("`ocg channels list --all` shows the channels there are"));
        }
    }
    if json {
        return Ok(output::json(&report.accounts)?);
    }
    show_accounts(&report)
}

/// Starts the accounts of a channel that do not run.
pub async fn start(global: &Global, args: AccountArgs) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let name = name(&args);
    let AccountArgs { channel, account } = args;
    context.ask_gateway(&Request::StartChannel { channel, account }).await?;
    Ok(output::line(format!("{name} is started"))?)
}

/// Stops the accounts of a channel.
pub async fn stop(global: &Global, args: AccountArgs) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let name = name(&args);
    let AccountArgs { channel, account } = args;
    context.ask_gateway(&Request::StopChannel { channel, account }).await?;
    Ok(output::line(format!("{name} is stopped"))?)
}

fn name(args: &AccountArgs) -> String {
    match &args.account {
        Some(account) => format!("{}/{account}", args.channel),
        None => args.channel.clone(),
    }
}
