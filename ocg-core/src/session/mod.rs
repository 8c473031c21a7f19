//! Session keys and turn order.

mod order;

pub use order::{Overflow, Place, TurnOrder};
