//! Putting a gateway together and running it.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::accounts::Accounts;
use super::board::Board;
use super::channels::Channels;
use super::handle::GatewayHandle;
use super::inbox::{TurnCounts, Turns, UnfinishedTurn};
use super::settings::GatewaySettings;
use crate::admit::{PairingFiles, PairingMemory, PairingStore};
use crate::channel::Channel;
use crate::config::Config;
use crate::dispatch::Dispatcher;
use crate::store::{SqliteStore, Store, StoreError};

/// A gateway that cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Nothing to serve.
    #[error("the gateway has no channel; add one with `channel`")]
    NoChannel,
    /// Nobody to answer.
    #[error("the gateway has no dispatcher; add one with `dispatcher`")]
    NoDispatcher,
    /// Two channels with one id.
    #[error("two channels have the id '{0}'")]
    DuplicateChannel(String),
    /// No store was given, and none could be made in memory.
    #[error("the gateway has no store")]
    Store(#[from] StoreError),
}

/// How a gateway ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunReport {
    /// Turns by outcome.
    pub turns: TurnCounts,
    /// Messages that were accepted and not answered; their users were told where possible.
    pub unfinished: Vec<UnfinishedTurn>,
}

/// Collects the parts of a [`Gateway`].
#[derive(Default)]
pub struct GatewayBuilder {
    settings: GatewaySettings,
    dispatcher: Option<Arc<dyn Dispatcher>>,
    channels: Vec<Arc<dyn Channel>>,
    pairing: Option<Arc<dyn PairingStore>>,
    store: Option<Arc<dyn Store>>,
}

impl GatewayBuilder {
    /// Settings; without them the defaults of [`GatewaySettings`] apply.
    #[must_use]
    pub fn settings(mut self, settings: GatewaySettings) -> Self {
        self.settings = settings;
        self
    }

    /// Settings as configured.
    #[must_use]
    pub fn config(self, config: Config) -> Self {
        self.settings(config.into())
    }

    /// What takes messages to the agent.
    #[must_use]
    pub fn dispatcher(mut self, dispatcher: Arc<dyn Dispatcher>) -> Self {
        self.dispatcher = Some(dispatcher);
        self
    }

    /// One more channel.
    #[must_use]
    pub fn channel(mut self, channel: Arc<dyn Channel>) -> Self {
        self.channels.push(channel);
        self
    }

    /// Where pairing is kept; by default in the state folder, or in memory without one.
    #[must_use]
    pub fn pairing(mut self, store: Arc<dyn PairingStore>) -> Self {
        self.pairing = Some(store);
        self
    }

    /// What keeps turns and replies over the end of the process; by default they are kept in
    /// memory only.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// The gateway, not running yet.
    pub fn build(self) -> Result<Gateway, BuildError> {
        let dispatcher = self.dispatcher.ok_or(BuildError::NoDispatcher)?;
        let channels = Channels::default();
        for channel in self.channels {
            let id = channel.id().to_owned();
            if !channels.add(channel) {
                return Err(BuildError::DuplicateChannel(id));
            }
        }
        if channels.is_empty() {
            return Err(BuildError::NoChannel);
        }
        let pairing = self.pairing.unwrap_or_else(|| match &self.settings.state {
            Some(state) => Arc::new(PairingFiles::new(state.credentials())),
            None => Arc::new(PairingMemory::default()),
        });
        let store = match self.store {
            Some(store) => store,
            None => Arc::new(SqliteStore::in_memory()?),
        };
        let (channels, board) = (Arc::new(channels), Arc::new(Board::default()));
        let turns = Turns::new(
            self.settings,
            dispatcher,
            pairing,
            store,
            Arc::clone(&channels),
            Arc::clone(&board),
        );
        let accounts = Arc::new(Accounts::new(channels, board, turns.clone()));
        Ok(Gateway { handle: GatewayHandle { accounts, turns } })
    }
}

/// The gateway: serves chats on all its channels until it is told to stop.
pub struct Gateway {
    handle: GatewayHandle,
}

impl Gateway {
    /// Starts putting a gateway together.
    pub fn builder() -> GatewayBuilder {
        GatewayBuilder::default()
    }

    /// A handle to watch and steer the gateway with.
    pub fn handle(&self) -> GatewayHandle {
        self.handle.clone()
    }

    /// Serves until `shutdown` is cancelled. Then nothing more is accepted, accounts end, turns
    /// have [`GatewaySettings::shutdown_grace`] to finish, and the users of those that do not are
    /// told. Every task has ended when this returns.
    pub async fn run(self, shutdown: CancellationToken) -> RunReport {
        let GatewayHandle { accounts, turns } = self.handle;
        // A gateway whose future is dropped does not leave its accounts running.
        let _accounts = accounts.stop_token().clone().drop_guard();
        let _turns = turns.cancel_token().clone().drop_guard();
        turns.open();
        turns.recover().await;
        accounts.start_all();
        shutdown.run_until_cancelled(turns.tend_store()).await;

        let began = Instant::now();
        turns.close();
        accounts.stop_all();
        let unfinished = turns.finish().await;
        accounts.ended().await;
        let turns = turns.ended();
        tracing::info!(target: "ocg::gateway", unanswered = unfinished.len(), "stopped after {} ms", began.elapsed().as_millis());
        RunReport { turns, unfinished }
    }
}
