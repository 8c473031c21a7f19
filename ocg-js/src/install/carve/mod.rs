//! Takes one channel plugin out of the `openclaw` package.
//!
//! Telegram is not on npm by itself: it is a part of `openclaw`, bundled into chunks with hashed
//! names. [`carve`] copies the chunks that hold the plugin's own code, unchanged, and puts a small
//! *bridge* in the place of every other chunk that they import: it gives the same names from
//! `openclaw/plugin-sdk/*` or from an npm package. What a name means is read out of the release
//! itself, by following its re-exports (plugin contract §0.3).

mod bridge;
mod carving;
mod chunk;
mod error;
mod release;
mod sdk_names;

pub(super) use carving::carve;
pub use error::CarveError;
