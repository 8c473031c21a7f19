//! How much of Node a plugin finds (`ocg plugins node-api`, docs/node-api.md).

mod document;
mod table;
#[cfg(test)]
mod tests;

pub use document::document;
pub use table::{Entry, Kind, Status, entries};
