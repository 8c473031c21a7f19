//! The gateway's store, `ocg.sqlite` in the state folder.

use std::sync::Arc;

use ocg_core::store::SqliteStore;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::warn;

/// Opens the store. A damaged file has been moved aside: the operator is told where to.
///
/// # Errors
/// It cannot be used, and without it an accepted message could be lost.
pub fn open_store(context: &Context) -> Result<Arc<SqliteStore>, Failure> {
    let store = SqliteStore::open(&context.state.store())
        .map_err(|error| Failure::failed("cannot open the store").because(&error))?;
    if let Some(kept) = store.kept_aside() {
        warn(format!(
            "the store was damaged and is kept as {}; messages that were not answered before are \
             in there (docs/operations.md says how to look)",
            kept.display()
        ));
    }
    Ok(Arc::new(store))
}
