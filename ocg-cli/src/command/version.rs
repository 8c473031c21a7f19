//! `ocg version`

use ocg_js::install::HOST_VERSION;
use ocg_js::isolate::engine_version;

use crate::failure::Failure;
use crate::output;

/// Prints the versions of ocg and of what it is made of.
pub fn run() -> Result<(), Failure> {
    output::line(format!("ocg {}", env!("CARGO_PKG_VERSION")))?;
    output::line(format!("engine: QuickJS-ng {}", engine_version()))?;
    Ok(output::line(format!("plugin SDK: that of OpenClaw {HOST_VERSION}"))?)
}
