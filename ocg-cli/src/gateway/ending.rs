//! How the gateway is told to end, and who waits until it has.

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use ocg_core::gateway::RunReport;

/// What is to come after the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    Exit,
    /// The gateway again.
    Restart,
}

/// How a gateway ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndReport {
    /// Messages that were answered while it ran.
    pub answered: u64,
    /// Messages that were accepted and not answered.
    pub unfinished: usize,
}

impl From<&RunReport> for EndReport {
    fn from(report: &RunReport) -> Self {
        Self { answered: report.turns.answered, unfinished: report.unfinished.len() }
    }
}

/// The end of one gateway; clones speak of the same.
#[derive(Debug, Clone)]
pub struct Ending {
    stop: CancellationToken,
    next: watch::Sender<Next>,
    report: watch::Sender<Option<EndReport>>,
}

impl Default for Ending {
    fn default() -> Self {
        Self {
            stop: CancellationToken::new(),
            next: watch::Sender::new(Next::Exit),
            report: watch::Sender::new(None),
        }
    }
}

impl Ending {
    /// Cancelled when the gateway is to end.
    pub fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Whether it was told to end.
    pub fn has_begun(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Tells the gateway to end.
    pub fn begin(&self, next: Next) {
        self.next.send_replace(next);
        self.stop.cancel();
    }

    /// What is to come after the end.
    pub fn next(&self) -> Next {
        *self.next.borrow()
    }

    /// Tells those who wait how the gateway ended.
    pub fn ended(&self, report: EndReport) {
        self.report.send_replace(Some(report));
    }

    /// Waits for the end.
    pub async fn report(&self) -> EndReport {
        let mut reports = self.report.subscribe();
        // The sender is ours, so that it cannot be gone.
        let report = reports.wait_for(Option::is_some).await.ok().and_then(|report| *report);
        report.unwrap_or(EndReport { answered: 0, unfinished: 0 })
    }
}
