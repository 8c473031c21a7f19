//! Finds, compiles and links modules: Node's rules for packages, ours for what is embedded.

mod await_rewrite;
mod bytecode;
mod bytecode_cache;
mod commonjs;
mod compile;
mod context_use;
mod embedded;
mod failure;
mod hooks;
mod imports;
mod load;
mod module_graph;
mod native;
mod native_module;
mod packages;
mod resolve;
mod sdk_link;
mod source;
mod state;
mod sync_import;
#[cfg(test)]
mod tests;
mod typescript;

pub(crate) use compile::as_javascript;
pub(crate) use embedded::provides;
pub use hooks::{import, install};
#[cfg(test)]
pub(crate) use imports::exports;
pub use imports::{ImportRecord, imports};
pub(crate) use native::{Declare, declare};
pub(crate) use native_module::ModuleModule;
pub(crate) use state::Loader;
