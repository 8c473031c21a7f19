//! `ocg version`

use crate::failure::Failure;
use crate::output;

/// Prints the versions.
pub fn run() -> Result<(), Failure> {
    Ok(output::line(format!("ocg {}", env!("CARGO_PKG_VERSION")))?)
}
