//! `ocg restart`

use std::time::Duration;

use crate::cli::Global;
use crate::command::stop::{end, in_words};
use crate::control::{GatewayReport, Holder, Request};
use crate::failure::Failure;
use crate::output;
use crate::running::RunningGateway;

/// How long the gateway may take to come up again.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at whether it has.
const PAUSE: Duration = Duration::from_millis(50);
/// As long as nobody has the state folder, the old process may be on its way to the new program.
const GAP: Duration = Duration::from_secs(5);

/// Restarts the running gateway with the arguments it was started with. A newer binary in the
/// place of the old one is taken.
pub async fn run(global: &Global) -> Result<(), Failure> {
    let running = RunningGateway::find(global)?;
    let holder = running.holder()?.ok_or_else(RunningGateway::none)?;
    let old = running.report().await?.ok_or_else(RunningGateway::none)?;
    let report = end(&running, holder, &Request::Restart).await?;
    let new = tokio::time::timeout(PATIENCE, successor(&running, &old))
        .await
        .map_err(|_| lost(&old, &format!("is not up again after {} s", PATIENCE.as_secs())))??;
    let messages = report.map(|report| format!(" {}", in_words(&report))).unwrap_or_default();
    Ok(output::line(format!("Restarted: ocg {} runs (pid {}).{messages}", new.version, new.pid))?)
}

/// Waits for the gateway that comes after `old`.
async fn successor(
    running: &RunningGateway,
    old: &GatewayReport,
) -> Result<GatewayReport, Failure> {
    let mut nobody = Duration::ZERO;
    loop {
        match running.holder()? {
            Some(Holder { .. }) => nobody = Duration::ZERO,
            None if nobody >= GAP => return Err(lost(old, "did not come up again")),
            None => nobody += PAUSE,
        }
        // It answers only when it is up; the old one may still do so on its way out.
        if let Ok(Some(report)) = running.report().await
            && report.run != old.run
        {
            return Ok(report);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn lost(old: &GatewayReport, what: &str) -> Failure {
    Failure::failed(format!("the gateway {what}")).hint(match &old.log_file {
        Some(file) => format!("its log says why: {file}"),
        None => "it says why on its terminal".to_owned(),
    })
}
