//! `ocg stop`

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::cli::Global;
use crate::control::{ControlError, END_TIMEOUT, Holder, Request};
use crate::failure::Failure;
use crate::gateway::EndReport;
use crate::output::{self, note};
use crate::running::RunningGateway;

/// Between two looks at whether the process is gone.
const PAUSE: Duration = Duration::from_millis(50);

/// Stops the running gateway and says how it ended.
pub async fn run(global: &Global) -> Result<(), Failure> {
    let running = RunningGateway::find(global)?;
    let holder = running.holder()?.ok_or_else(RunningGateway::none)?;
    let report = end(&running, holder, &Request::Stop).await?;
    gone(&running).await?;
    output::line(match report {
        Some(report) => format!("Stopped. {}", in_words(&report)),
        None => "Stopped.".to_owned(),
    })?;
    Ok(())
}

/// Asks the gateway to end and waits until its turns are done. Without an answer on the socket it
/// is signalled, and what it did is in its log.
pub async fn end(
    running: &RunningGateway,
    holder: Holder,
    request: &Request,
) -> Result<Option<EndReport>, Failure> {
    if let Some(report) = running.report().await.ok().flatten()
        && report.running_turns + report.waiting_turns > 0
    {
        note(format!(
            "Waiting for {} messages that are being answered ...",
            report.running_turns + report.waiting_turns
        ));
    }
    match running.client().ask(request).await {
        Ok(report) => Ok(serde_json::from_value(report).ok()),
        Err(ControlError::Silent(_)) => Err(hangs(holder)),
        Err(_) if *request == Request::Stop => {
            signal(holder)?;
            Ok(None)
        }
        Err(error) => Err(Failure::failed("cannot talk to the running gateway").because(&error)),
    }
}

/// What became of the messages.
pub fn in_words(report: &EndReport) -> String {
    match report.unfinished {
        0 => "All messages were answered.".to_owned(),
        1 => "1 message was not answered.".to_owned(),
        many => format!("{many} messages were not answered."),
    }
}

/// Waits until nobody has the state folder any more.
async fn gone(running: &RunningGateway) -> Result<(), Failure> {
    let wait = async {
        while let Some(holder) = running.holder()? {
            tokio::time::sleep(PAUSE).await;
            tracing::debug!(%holder, "still there");
        }
        Ok(())
    };
    match tokio::time::timeout(END_TIMEOUT, wait).await {
        Ok(gone) => gone,
        Err(_) => Err(match running.holder()? {
            Some(holder) => hangs(holder),
            None => return Ok(()),
        }),
    }
}

fn signal(holder: Holder) -> Result<(), Failure> {
    let pid = holder.pid.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
    let Some(pid) = pid else {
        return Err(Failure::failed(format!("the gateway ({holder}) has not said who it is"))
            .hint("try again in a moment"));
    };
    kill_process(pid, Signal::TERM).map_err(|error| {
        Failure::failed(format!("cannot signal the gateway ({holder})")).because(&error)
    })
}

fn hangs(holder: Holder) -> Failure {
    let failure = Failure::failed(format!(
        "the gateway ({holder}) did not end within {} s",
        END_TIMEOUT.as_secs()
    ));
    match holder.pid {
        Some(pid) => failure.hint(format!("`kill -KILL {pid}` ends it at once")),
        None => failure,
    }
}
