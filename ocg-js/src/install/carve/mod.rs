//! Takes one channel plugin out of the `openclaw` package.
//!
//! Telegram is not on npm by itself: it is a part of `openclaw`, bundled into chunks with hashed
//! names. [`carve`] copies the chunks that hold the plugin's own code, unchanged, and puts a small
//! *bridge* in the place of every other chunk that they import: it gives the same names from
//! `openclaw/plugin-sdk/*` or from an npm package. What a name means is read out of the release
//! itself, by following its re-exports (plugin contract §0.3). Names that no shim of ours has and
//! whose code needs nothing of OpenClaw's engine (*portable* code: no files, no processes, no
//! network) come along in the bridge, statement by statement, unchanged.

mod bridge;
mod carving;
mod chunk;
mod error;
mod parts;
mod portable;
mod release;
mod sdk_names;

pub(super) use carving::{carve, extra_dependencies};
pub use error::CarveError;
