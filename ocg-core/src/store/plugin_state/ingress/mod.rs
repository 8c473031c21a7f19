//! Ingress queues (`state.openChannelIngressQueue`): raw events of a platform, kept until the
//! plugin has dealt with them.

mod event;
mod queue;
#[cfg(test)]
mod tests;

pub use event::{
    Claim, ClaimFilter, EnqueueOptions, Enqueued, EnqueuedKind, IngressOrder, IngressRecord,
    IngressState, PruneOptions,
};
pub use queue::IngressQueue;
