//! `ocg plugins node-api`

use ocg_js::node_api;

use crate::failure::Failure;
use crate::output::{self, Table};

/// Prints which modules and globals of Node plugins find.
pub fn run(json: bool) -> Result<(), Failure> {
    let entries = node_api::entries();
    if json {
        return Ok(output::json(&entries)?);
    }
    let mut table = Table::new(["kind", "name", "status", "missing"]);
    for entry in entries {
        table.row([
            entry.kind.to_string(),
            entry.name,
            entry.status.to_string(),
            entry.missing.join(", "),
        ]);
    }
    Ok(table.print()?)
}
