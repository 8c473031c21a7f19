//! Turns whose agent answers later: from the forward to the last callback.

mod deferred;
mod desk;
mod refusal;
mod rules;
mod token;

pub use desk::CallbackCounts;
pub(super) use desk::CallbackDesk;
pub use refusal::CallbackRefusal;
pub use rules::CallbackRules;
