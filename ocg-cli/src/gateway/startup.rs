//! Which accounts a gateway starts with, and whether they come up.

use std::time::Duration;

use ocg_core::channel::Channel;
use ocg_core::gateway::{AccountState, GatewayHandle};
use ocg_core::message::AccountKey;

use super::fleet::Fleet;
use super::reload::Reloader;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{self, warn};

/// How long accounts may take before the terminal is let go of. A channel that says nothing of
/// itself is still starting then, which is no failure.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often they are looked at.
const LOOK: Duration = Duration::from_millis(20);

/// The accounts that a gateway starts with.
#[derive(Debug, Default)]
pub struct Startup {
    wanted: Vec<AccountKey>,
    /// Accounts that their plugins do not let start.
    blocked: usize,
}

impl Startup {
    /// Says which accounts there are and how to get those that are missing.
    ///
    /// # Errors
    /// Standard output takes nothing more.
    pub async fn announce(context: &Context, fleet: &Fleet) -> Result<Self, Failure> {
        let mut startup = Self::default();
        for channel in fleet.channels() {
            let id = channel.id();
            let accounts = match channel.accounts().await {
                Ok(accounts) => accounts,
                Err(error) => {
                    warn(format!("{id} cannot list its accounts: {error}"));
                    startup.blocked += 1;
                    continue;
                }
            };
            if accounts.is_empty() {
                let next = match channel.can_login() {
                    true => format!("`ocg channels login --channel {id}` adds one"),
                    false => format!("`ocg channels add --channel {id}` shows what one needs"),
                };
                output::line(format!("{id}: no account yet; {next}"))?;
            }
            for account in accounts {
                let name = account.name.map(|name| format!(" ({name})")).unwrap_or_default();
                let state = match account.blocked {
                    Some(reason) => {
                        startup.blocked += 1;
                        format!("not started: {reason}")
                    }
                    None => {
                        startup.wanted.push(AccountKey::new(id, &account.id));
                        let agent = context.agent_of(id, &account.id).settings();
                        format!("answered by {} at {}", agent.model, agent.display_url())
                    }
                };
                output::line(format!("{id}/{}{name}: {state}", account.id))?;
            }
        }
        Ok(startup)
    }

    /// Waits until the accounts run or have failed, and warns of those that have. Whether anything
    /// runs, or nothing was there to fail.
    pub async fn succeeds(&self, gateway: &GatewayHandle, reloader: &Reloader) -> bool {
        let settled = async {
            while self.states(gateway).any(|(_, state, _)| state == AccountState::Starting) {
                tokio::time::sleep(LOOK).await;
            }
        };
        // Those that take longer are told of in the log and by `ocg status`.
        let _ = tokio::time::timeout(PATIENCE, settled).await;
        let mut failed = self.blocked;
        for channel in reloader.failed_channels() {
            warn(channel.error);
            failed += 1;
        }
        let mut running = 0;
        for (account, state, reason) in self.states(gateway) {
            match state {
                AccountState::Starting | AccountState::Running => running += 1,
                AccountState::Backoff => {
                    warn(format!("{account} failed, is tried again: {reason}"))
                }
                AccountState::Stopped => warn(format!("{account} failed for good: {reason}")),
            }
            failed += usize::from(matches!(state, AccountState::Backoff | AccountState::Stopped));
        }
        running > 0 || failed == 0
    }

    /// The accounts with what they do and why; those that the gateway has not listed yet start.
    fn states(
        &self,
        gateway: &GatewayHandle,
    ) -> impl Iterator<Item = (&AccountKey, AccountState, String)> {
        let channels = gateway.status().channels.into_iter();
        let shown: Vec<_> = channels.flat_map(|channel| channel.accounts).collect();
        self.wanted.iter().map(move |key| {
            let known = shown.iter().find(|account| account.key == *key);
            let state = known.map_or(AccountState::Starting, |account| account.state);
            let reason = known.and_then(|account| account.last_error.clone()).unwrap_or_default();
            (key, state, reason)
        })
    }
}
