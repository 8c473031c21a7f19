//! The life of one account: start, run, fail, rest, start again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::backoff;
use super::board::Board;
use super::link::{AccountLink, AccountState};
use crate::channel::Channel;

/// An account that says nothing for this long is taken to be up.
const START_WINDOW: Duration = Duration::from_secs(5);
/// How long an account may take to end after it was told to.
const STOP_BOUND: Duration = Duration::from_secs(5);

/// What the supervision of one account needs.
pub(super) struct Supervisor {
    pub(super) channel: Arc<dyn Channel>,
    pub(super) link: AccountLink,
    pub(super) board: Arc<Board>,
    /// Bounds how many accounts start at the same time.
    pub(super) starts: Arc<Semaphore>,
    pub(super) stop: CancellationToken,
}

/// How one run of an account ended before it was told to.
struct Failure {
    reason: String,
    retryable: bool,
}

impl Supervisor {
    /// Runs the account until `stop` is cancelled or it has failed for good.
    pub(super) async fn supervise(self) {
        let key = self.link.key().clone();
        let mut failures = 0;
        loop {
            let began = Instant::now();
            let Some(failure) = self.run_once().await else {
                tracing::info!(target: "ocg::account", account = %key, "stopped");
                self.board.set_error(&key, None);
                break;
            };
            failures = if began.elapsed() >= backoff::STABLE { 1 } else { failures + 1 };
            self.board.set_error(&key, Some(failure.reason.clone()));
            if !failure.retryable || self.board.is_terminal(&key) {
                tracing::error!(target: "ocg::account", account = %key, reason = %failure.reason, "stopped for good: a person must act first");
                break;
            }
            if failures > backoff::MAX_ATTEMPTS {
                tracing::error!(target: "ocg::account", account = %key, reason = %failure.reason, attempts = backoff::MAX_ATTEMPTS, "stopped for good: failed too often in a row");
                break;
            }
            let pause = backoff::pause(failures);
            self.board.set_state(&key, AccountState::Backoff);
            tracing::warn!(target: "ocg::account", account = %key, reason = %failure.reason, attempt = failures, "failed; starts again in {} s", pause.as_secs());
            if self.stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                break;
            }
            self.board.count_restart(&key);
        }
        self.board.set_state(&key, AccountState::Stopped);
    }

    /// Runs the account once; `None` when it ended because it was told to.
    async fn run_once(&self) -> Option<Failure> {
        let key = self.link.key();
        let mut permit = tokio::select! {
            biased;
            () = self.stop.cancelled() => return None,
            permit = self.starts.acquire() => Some(permit.expect("the semaphore is never closed")),
        };
        self.board.set_state(key, AccountState::Starting);
        self.board.set_error(key, None);
        tracing::info!(target: "ocg::account", account = %key, "starting");
        let run = self.channel.run(&key.account, self.link.clone(), self.stop.clone());
        let mut run = std::pin::pin!(AssertUnwindSafe(run).catch_unwind());
        let mut started = std::pin::pin!(timeout(START_WINDOW, self.board.running(key)));
        let ended = loop {
            tokio::select! {
                biased;
                ended = &mut run => break Some(ended),
                () = self.stop.cancelled() => break timeout(STOP_BOUND, &mut run).await.ok(),
                _ = &mut started, if permit.is_some() => {
                    permit = None;
                    self.board.set_state(key, AccountState::Running);
                    tracing::info!(target: "ocg::account", account = %key, "running");
                }
            }
        };
        if ended.is_none() {
            tracing::warn!(target: "ocg::account", account = %key, "did not end in time and was cut off");
        }
        match ended? {
            _ if self.stop.is_cancelled() => None,
            Ok(Ok(())) => {
                Some(Failure { reason: "channel exited without an error".into(), retryable: true })
            }
            Ok(Err(error)) => Some(Failure {
                reason: format!("{error} ({} side)", error.fault),
                retryable: error.retryable,
            }),
            Err(panic) => Some(Failure {
                reason: format!("channel panicked: {}", panic_text(&*panic)),
                retryable: true,
            }),
        }
    }
}

/// What a panic said, where it said something.
pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason given")
}
