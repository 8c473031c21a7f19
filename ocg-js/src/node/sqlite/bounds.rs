//! Keeps one plugin's SQL from taking the thread or the memory for itself.

use rquickjs::Ctx;
use rusqlite::Connection;
use rusqlite::limits::Limit;

use crate::isolate::Realm;

/// Steps of SQLite's virtual machine between two looks at the clock: well below a millisecond.
const STEPS: i32 = 4000;

/// What one connection may keep in memory of its pages, in KiB.
const CACHE_KIB: i64 = 8 * 1024;

/// Sets the limits of a new connection: a statement ends with `SQLITE_INTERRUPT` when the
/// isolate's synchronous deadline is over, no value is longer than the isolate's memory, and a
/// database in memory is no larger than that.
pub(super) fn set(
    ctx: &Ctx<'_>,
    connection: &mut Connection,
    in_memory: bool,
) -> rusqlite::Result<()> {
    let realm = Realm::of(ctx);
    let bytes = realm.memory_limit();
    let deadline = Deadline(realm);
    connection.progress_handler(STEPS, Some(move || deadline.is_over()))?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::try_from(bytes).unwrap_or(i32::MAX))?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    if in_memory {
        let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page.max(1);
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

/// Settings that would undo the above, or that count for the whole process.
pub(super) fn is_bound(pragma: &str) -> bool {
    ["cache_size", "hard_heap_limit", "max_page_count", "mmap_size", "page_size", "soft_heap_limit"]
        .iter()
        .any(|bound| pragma.eq_ignore_ascii_case(bound))
}

/// The isolate's synchronous deadline.
struct Deadline(Realm);

impl Deadline {
    fn is_over(&self) -> bool {
        self.0.watchdog().expired()
    }
}

// SAFETY: a connection is made, used and dropped on its isolate's thread: `Shared`, which holds
// it, is an `Rc` in a JavaScript object. SQLite calls the handler on the thread of the statement.
#[allow(unsafe_code)]
unsafe impl Send for Deadline {}
