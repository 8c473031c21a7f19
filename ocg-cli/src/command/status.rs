//! `ocg status`

use serde::Serialize;

use crate::cli::Global;
use crate::context::{Context, ShownSetting};
use crate::control::GatewayReport;
use crate::failure::{Exit, Failure};
use crate::output::{self, Style, Table, paint};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    running: bool,
    state_dir: String,
    config_file: Option<String>,
    gateway: Option<GatewayReport>,
    settings: Vec<ShownSetting>,
}

/// Shows the running gateway and the settings; without a gateway only those, and exit code 3.
pub async fn run(global: &Global, json: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let gateway = context.running().report().await?;
    let status = Status {
        running: gateway.is_some(),
        state_dir: context.state.root().display().to_string(),
        config_file: context.config_file(),
        gateway,
        settings: context.shown_settings(),
    };
    if json {
        output::json(&status)?;
    } else {
        show(&status)?;
    }
    if status.running { Ok(()) } else { Err(Failure::reported(Exit::NotRunning)) }
}

fn show(status: &Status) -> Result<(), Failure> {
    match &status.gateway {
        Some(gateway) => show_gateway(gateway)?,
        None => output::line("No gateway is running; `ocg start` starts one.")?,
    }
    let file = status.config_file.as_deref().unwrap_or("none; defaults apply");
    output::line(format!("Configuration file: {file}"))?;
    output::line(format!("State folder: {}", status.state_dir))?;
    output::line("")?;
    // The whole list is long; what nobody has set is in `ocg config show`.
    let main = ["agentUrl", "model", "async"];
    let shown = |setting: &&ShownSetting| setting.is_set() || main.contains(&setting.path.as_str());
    let mut settings = Table::new(["setting", "value", "source"]);
    for setting in status.settings.iter().filter(shown) {
        settings.row([setting.path.clone(), setting.shown_value(), setting.source.clone()]);
    }
    Ok(settings.print()?)
}

fn show_gateway(gateway: &GatewayReport) -> Result<(), Failure> {
    let uptime = output::duration(std::time::Duration::from_secs(gateway.uptime_seconds));
    output::line(format!(
        "ocg {} is running (pid {}) for {uptime}; {} turns in progress, {} waiting",
        gateway.version, gateway.pid, gateway.running_turns, gateway.waiting_turns
    ))?;
    output::line("")?;
    show_accounts(gateway)?;
    output::line("")?;
    Ok(())
}

/// The accounts of the running gateway, one to a line.
pub fn show_accounts(gateway: &GatewayReport) -> Result<(), Failure> {
    let mut table = Table::new(["account", "state", "since", "agent", "mode", "last error"]);
    for account in &gateway.accounts {
        let style = match (account.state.as_str(), account.connected) {
            ("running", Some(true) | None) => Style::Good,
            ("running" | "starting", _) => Style::Doubtful,
            _ => Style::Bad,
        };
        let agent = &account.agent;
        table.row([
            format!("{}/{}", account.channel, account.account),
            paint(style, &account.state),
            account.since.clone(),
            format!("{} at {} ({})", agent.model.value, agent.url.value, agent.url.source),
            agent.mode.value.clone(),
            account.last_error.clone().unwrap_or_default(),
        ]);
    }
    if table.is_empty() {
        output::line("No account is logged in.")?;
    } else {
        table.print()?;
    }
    for failure in &gateway.failed_channels {
        output::line(paint(Style::Bad, format!("{}: {}", failure.channel, failure.error)))?;
    }
    Ok(())
}
