//! What plugins keep: keyed stores and ingress queues (plugin contract §6.2), in a file of their
//! own.
//!
//! Calls are synchronous, because plugins' are: they are made on the isolate's thread and take
//! microseconds, except for [`IngressQueue::enqueue`], which waits for the disk: a plugin tells
//! its platform that it has the event as soon as that returns.

mod ingress;
mod keyed;
mod state;

pub use ingress::{
    Claim, ClaimFilter, EnqueueOptions, Enqueued, EnqueuedKind, IngressOrder, IngressQueue,
    IngressRecord, IngressState, PruneOptions,
};
pub use keyed::{
    Applied, Intent, KeyedEntry, KeyedLimits, KeyedStore, KeyedStoreError, Observation, Overflow,
};
pub use state::PluginState;
