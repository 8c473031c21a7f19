//! What a plugin needs of its host, and how much of that is there (`ocg plugins check`).

mod report;
mod support;
#[cfg(test)]
mod tests;
mod walk;

pub use report::{ModuleUse, NameUse, PluginReport};
pub(crate) use support::SdkTable;
pub use support::Support;
pub(crate) use walk::mentioned;
