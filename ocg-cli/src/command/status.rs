//! `ocg status`

use serde::Serialize;

use crate::cli::Global;
use crate::context::{Context, ShownSetting};
use crate::control::{CallbackReport, GatewayReport};
use crate::failure::{Exit, Failure};
use crate::output::{self, Style, Table, paint};
use crate::running::RunningGateway;

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
/// While a gateway runs, a configuration that is broken by now is shown as its trouble.
pub async fn run(global: &Global, json: bool) -> Result<(), Failure> {
    let context = Context::load(global);
    let running = RunningGateway::find(global)?;
    let gateway = running.report().await?;
    let context = match context {
        Err(failure) if gateway.is_none() => return Err(failure),
        context => context.ok(),
    };
    let file = |gateway: &GatewayReport| gateway.config_file.clone();
    let status = Status {
        running: gateway.is_some(),
        state_dir: running.state().root().display().to_string(),
        config_file: match &context {
            Some(context) => context.config_file(),
            None => gateway.as_ref().and_then(file),
        },
        gateway,
        settings: context.map(|context| context.shown_settings()).unwrap_or_default(),
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
    if status.settings.is_empty() {
        return Ok(());
    }
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
    if let Some(error) = &gateway.config.error {
        let text =
            format!("The configuration file cannot be used; the one before goes on: {error}");
        output::line(paint(Style::Bad, text))?;
    }
    if !gateway.config.at_next_start.is_empty() {
        let settings = gateway.config.at_next_start.join(", ");
        let text = format!("Changed, but not in force before `ocg restart`: {settings}");
        output::line(paint(Style::Doubtful, text))?;
    }
    if let Some(server) = &gateway.callback_server {
        output::line(callback_server(server))?;
    }
    if let Some(error) = &gateway.store_error {
        output::line(paint(Style::Bad, format!("Messages cannot be stored: {error}")))?;
    }
    output::line("")?;
    show_accounts(gateway)?;
    output::line("")?;
    Ok(())
}

fn callback_server(server: &CallbackReport) -> String {
    let signed = if server.signed { "signed" } else { "not signed" };
    match &server.told {
        Some(told) => {
            format!(
                "Callback server: listening on {}; agents call back {told}, {signed}",
                server.address
            )
        }
        None => format!("Callback server: listening on {}; no agent calls back", server.address),
    }
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
