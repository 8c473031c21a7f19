//! Who may talk to the agent: the sender gate and pairing.

mod file_lock;
mod gate;
mod pairing;
mod pairing_book;
mod pairing_files;
mod pairing_memory;
mod policy;
mod redelivery;

pub use gate::{SenderGate, Verdict};
pub use pairing::{Challenge, PairingError, PairingRequest, PairingStore};
pub use pairing_files::PairingFiles;
pub use pairing_memory::PairingMemory;
pub use policy::{DmPolicy, GroupPolicy, SenderPolicy};
pub(crate) use redelivery::{Redelivery, fingerprint};
