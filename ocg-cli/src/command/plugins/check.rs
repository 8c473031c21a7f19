//! `ocg plugins check`

use crate::cli::Global;
use crate::context::Context;
use crate::failure::Failure;

/// Shows what a plugin needs and whether it is there.
pub fn run(global: &Global, package: &str, _json: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let plugin = context.plugin(package)?;
    Err(Failure::failed(format!("cannot check {} yet", plugin.package)))
}
