//! What a service manager such as systemd is told (`sd_notify(3)`); without one, nothing happens.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio_util::task::AbortOnDropHandle;

use crate::gateway::Next;

/// The service manager's view of this process.
#[derive(Debug, Default)]
pub struct Service {
    watchdog: Option<AbortOnDropHandle<()>>,
}

impl Service {
    /// Says that the gateway is up, and from now on that it is alive, as often as was asked for.
    /// The watchdog runs on the gateway's own thread: if that hangs, it falls silent.
    pub fn up(&mut self) {
        tell(&[NotifyState::Ready]);
        let Some(period) = sd_notify::watchdog_enabled() else { return };
        let period = (period / 2).max(Duration::from_millis(1));
        self.watchdog = Some(AbortOnDropHandle::new(tokio::spawn(async move {
            let mut beat = tokio::time::interval(period);
            loop {
                beat.tick().await;
                tell(&[NotifyState::Watchdog]);
            }
        })));
    }

    /// Says that the gateway ends, and whether it starts again.
    pub fn stopping(&self, next: Next) {
        tell(&[match next {
            Next::Exit => NotifyState::Stopping,
            Next::Restart => NotifyState::Reloading,
        }]);
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager cannot be told how the gateway is");
    }
}
