//! What survives the end of the process: turns, replies on their way, callback tokens, history.
//!
//! [`Store`] is what the gateway needs; [`SqliteStore`] keeps it in one file, or in memory.

mod contract;
mod error;
mod outbox;
pub mod plugin_state;
mod send_key;
mod sqlite;
mod token;
mod turn;

pub use contract::{Store, StoreHealth};
pub use error::StoreError;
pub use outbox::{Part, PartKey, PartState};
pub use plugin_state::PluginState;
pub use send_key::{KnownSend, SendAnswer, SendKey};
pub use sqlite::{Clock, SqliteStore};
pub use token::{CallbackReply, ConsumeError, NewToken, ReplyRef, TokenHash, TokenRefusal};
pub use turn::{Admitted, Fingerprint, JournalledTurn, NewTurn, TurnId, TurnState, outbound};
