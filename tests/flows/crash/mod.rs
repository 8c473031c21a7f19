//! The process dies without warning; whatever was admitted is answered all the same.
//!
//! `OCG_KILLS=200 cargo test -p ocg-tests --test flows crash::killed -- --nocapture` is the long
//! run, in both modes; it prints its counts. `OCG_SEED` repeats a run's choices.

mod killed;
mod ledger;
mod points;

/// What the log says where a message may be sent twice.
const DUPLICATE: &str = "possible duplicate";
