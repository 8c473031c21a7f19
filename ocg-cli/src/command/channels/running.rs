//! `ocg channels status`, `start`, `stop` and `restart`: all on the running gateway

use crate::cli::{AccountArgs, Global};
use crate::command::status::show_accounts;
use crate::control::Request;
use crate::failure::Failure;
use crate::output;
use crate::running::RunningGateway;

/// Shows the accounts of the running gateway.
pub async fn status(global: &Global, channel: Option<&str>, json: bool) -> Result<(), Failure> {
    let running = RunningGateway::find(global)?;
    let mut report = running.report().await?.ok_or_else(RunningGateway::none)?;
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
    steer(global, args, "started", |channel, account| Request::StartChannel { channel, account })
        .await
}

/// Stops the accounts of a channel.
pub async fn stop(global: &Global, args: AccountArgs) -> Result<(), Failure> {
    steer(global, args, "stopped", |channel, account| Request::StopChannel { channel, account })
        .await
}

/// Stops the accounts of a channel and starts them again.
pub async fn restart(global: &Global, args: AccountArgs) -> Result<(), Failure> {
    let request = |channel, account| Request::RestartChannel { channel, account };
    steer(global, args, "restarted", request).await
}

async fn steer(
    global: &Global,
    args: AccountArgs,
    done: &str,
    request: impl FnOnce(String, Option<String>) -> Request,
) -> Result<(), Failure> {
    let name = name(&args);
    RunningGateway::find(global)?.ask(&request(args.channel, args.account)).await?;
    Ok(output::line(format!("{name} is {done}"))?)
}

fn name(args: &AccountArgs) -> String {
    match &args.account {
        Some(account) => format!("{}/{account}", args.channel),
        None => args.channel.clone(),
    }
}
