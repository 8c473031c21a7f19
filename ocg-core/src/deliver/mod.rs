//! Cutting replies into messages.

mod block;
mod courier;
mod cut;
mod fence;
mod limit;
mod long_lines;
mod media;
mod media_line;
mod media_shelf;
mod silence;
mod split;

pub use block::{BlockBuilder, BlockRules, Part};
pub use courier::{Courier, Undeliverable};
pub use limit::TextLimit;
pub use media::{Media, MediaPolicy};
pub use media_shelf::{MediaShelf, ShelfError, ShelvedMedia};
pub use split::split;
