//! When an agent that failed is asked again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

use super::{AgentError, AgentSettings};

/// A chat user does not wait through a longer pause that an agent asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Pauses between attempts: 0.5 s, doubled each time up to 8 s, with jitter.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(8);

/// How often requests were repeated; clones count together.
#[derive(Debug, Clone, Default)]
pub(super) struct RetryCount(Arc<AtomicU64>);

impl RetryCount {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The pauses between the attempts of one request.
pub(super) struct Retries {
    count: RetryCount,
    pauses: ExponentialBackoff,
}

impl Retries {
    pub(super) fn new(agent: &AgentSettings, count: &RetryCount) -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(MAX_PAUSE)
            .with_max_times(agent.retries as usize)
            .with_jitter();
        Self { count: count.clone(), pauses: pauses.build() }
    }

    /// Waits until the agent may be asked again after `error`.
    ///
    /// # Errors
    /// The error itself, if it is not to be asked again.
    pub(super) async fn pause_after(
        &mut self,
        mut error: AgentError,
        deadline: Instant,
    ) -> Result<(), AgentError> {
        if !error.retryable() {
            return Err(error);
        }
        let asked = error.retry_after.unwrap_or_default();
        if asked > LONGEST_PAUSE {
            let longest = LONGEST_PAUSE.as_secs();
            error.detail += &format!(", which is more than {longest} s: given up");
            return Err(error);
        }
        let Some(pause) = self.pauses.next().map(|pause| pause.max(asked)) else {
            return Err(error);
        };
        if Instant::now() + pause >= deadline {
            return Err(error);
        }
        tracing::warn!(%error, pause_ms = pause.as_millis() as u64, "the agent is asked again");
        tokio::time::sleep(pause).await;
        self.count.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
