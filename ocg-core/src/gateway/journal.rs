//! The gateway's journal: which messages it has taken over, and which of them are answered.

use std::sync::Arc;

use super::crash_point::{AFTER_ADMIT, crash_point};
use crate::admit::{Redelivery, fingerprint};
use crate::message::InboundMessage;
use crate::reply::TurnOutcome;
use crate::store::{Admitted, NewTurn, Store, StoreError, TurnId};

/// What became of an admission.
pub(super) enum Entry {
    /// The message is the gateway's to answer.
    New(TurnId),
    /// It was taken over before.
    Known,
    /// It cannot be written down, and so it is not taken over.
    Failed(StoreError),
}

/// The journal, with the last messages in memory: most redeliveries are recognised without asking
/// the store.
pub(super) struct Journal {
    store: Arc<dyn Store>,
    redelivery: Redelivery,
}

impl Journal {
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, redelivery: Redelivery::default() }
    }

    pub(super) fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Remembers what was admitted before the start.
    pub(super) async fn remember(&self) {
        match self.store.remembered(Redelivery::CAPACITY).await {
            Ok(known) => known.into_iter().for_each(|one| self.redelivery.remember(one)),
            Err(error) => {
                tracing::error!(target: "ocg::store", %error, "messages of the last day are not remembered");
            }
        }
    }

    /// Whether this message is known to be a redelivery, without asking the store.
    pub(super) fn knows(&self, message: &InboundMessage) -> bool {
        fingerprint(message).is_some_and(|known| self.redelivery.is_known(known))
    }

    /// Writes a message down; when this returns, it survives whatever happens.
    pub(super) async fn admit(&self, message: &InboundMessage) -> Entry {
        let fingerprint = fingerprint(message);
        let turn = NewTurn { message: message.clone(), fingerprint };
        match self.store.admit(turn).await {
            Ok(Admitted::New(turn)) => {
                fingerprint.into_iter().for_each(|one| self.redelivery.remember(one));
                crash_point(AFTER_ADMIT);
                Entry::New(turn)
            }
            Ok(Admitted::Known) => Entry::Known,
            Err(error) => Entry::Failed(error),
        }
    }

    /// Notes how a turn ended. One that was cancelled is not over: it runs again after the start.
    pub(super) async fn ended(&self, turn: TurnId, outcome: TurnOutcome) {
        let noted = match outcome {
            TurnOutcome::Cancelled if self.store.outlives_process() => return,
            // It waits for its callback, which ends it.
            TurnOutcome::Deferred => return,
            _ => self.store.settle(turn, outcome).await,
        };
        if let Err(error) = noted {
            tracing::error!(target: "ocg::store", %turn, %error, "the end of a turn could not be stored: it would run again after a restart");
        }
    }
}
