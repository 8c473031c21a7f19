//! Session keys, turn order and history.

mod history;
mod order;

pub use history::History;
pub use order::{Overflow, Place, TurnOrder};
