use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use rquickjs::class::Trace;
use rquickjs::{Ctx, JsLifetime, Result};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags};

use super::super::arguments::Text;
use super::super::{permits, throw};
use super::{bounds, failure};
use crate::isolate::Realm;
use crate::permit::FilePermit;

/// The connection, shared with its statements; nothing once it is closed.
pub(super) type Shared = Rc<RefCell<Option<Connection>>>;

/// One open database.
#[derive(Trace, JsLifetime)]
#[rquickjs::class]
pub(crate) struct Database {
    #[qjs(skip_trace)]
    pub(super) connection: Shared,
}

#[rquickjs::methods]
impl Database {
    /// `timeout` in milliseconds.
    #[qjs(constructor)]
    fn new(
        ctx: Ctx<'_>,
        path: Text,
        read_only: bool,
        timeout: f64,
        foreign_keys: bool,
    ) -> Result<Self> {
        let connection = open(&ctx, &path.0, read_only)?;
        // Waiting for a lock takes no CPU time, which is all that the watchdog counts.
        let longest = Realm::of(&ctx).watchdog().limit();
        let prepare = || {
            let timeout = Duration::try_from_secs_f64(timeout / 1000.0).unwrap_or_default();
            connection.busy_timeout(timeout.min(longest))?;
            connection.pragma_update(None, "foreign_keys", foreign_keys)
        };
        prepare().map_err(|error| failure::throw(&ctx, &error))?;
        Ok(Self { connection: Rc::new(RefCell::new(Some(connection))) })
    }

    fn exec(&self, ctx: Ctx<'_>, sql: Text) -> Result<()> {
        let connection = self.connection.borrow();
        let connection = connection.as_ref().ok_or_else(|| failure::closed(&ctx))?;
        connection.execute_batch(&sql.0).map_err(|error| failure::throw(&ctx, &error))
    }

    #[qjs(rename = "inTransaction")]
    fn in_transaction(&self, ctx: Ctx<'_>) -> Result<bool> {
        let connection = self.connection.borrow();
        let connection = connection.as_ref().ok_or_else(|| failure::closed(&ctx))?;
        Ok(!connection.is_autocommit())
    }

    fn close(&self, ctx: Ctx<'_>) -> Result<()> {
        // A getter of a bound object may call this while its statement runs.
        let connection = match self.connection.try_borrow_mut() {
            Ok(mut connection) => connection.take(),
            Err(_) => {
                return Err(throw::coded(&ctx, "ERR_INVALID_STATE", "a statement is running"));
            }
        };
        let connection = connection.ok_or_else(|| failure::closed(&ctx))?;
        connection.flush_prepared_statement_cache();
        connection.close().map_err(|(_, error)| failure::throw(&ctx, &error))
    }
}

fn open(ctx: &Ctx<'_>, path: &str, read_only: bool) -> Result<Connection> {
    let files = permits(ctx)?.files.clone();
    let flags = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = if in_memory(path) {
        Connection::open_in_memory_with_flags(flags)
    } else {
        let allowed = if read_only {
            files.check_read(Path::new(path))
        } else {
            files.check_write(Path::new(path))
        };
        let real = allowed.map_err(|error| throw::denied(ctx, &error))?;
        Connection::open_with_flags(real, flags)
    };
    let mut connection = opened.map_err(|error| failure::throw(ctx, &error))?;
    bounds::set(ctx, &mut connection, in_memory(path))
        .map_err(|error| failure::throw(ctx, &error))?;
    connection
        .authorizer(Some(move |asked: AuthContext<'_>| authorize(&files, &asked)))
        .map_err(|error| failure::throw(ctx, &error))?;
    Ok(connection)
}

fn in_memory(path: &str) -> bool {
    path.is_empty() || path == ":memory:"
}

/// SQL must not open files that the plugin may not: `ATTACH` (and `VACUUM INTO`, which attaches)
/// name a file, and some functions and pragmas read or write one.
fn authorize(files: &FilePermit, asked: &AuthContext<'_>) -> Authorization {
    let allowed = match asked.action {
        AuthAction::Attach { filename } => {
            // An empty name is a temporary file, as VACUUM uses one; a second database in memory
            // would have no bound. "file:" is a URI, whose rules are not those of paths.
            filename.is_empty()
                || filename != ":memory:"
                    && (!filename.starts_with("file:")
                        && files.check_write(Path::new(filename)).is_ok())
        }
        AuthAction::Function { function_name } => {
            !matches!(function_name, "load_extension" | "readfile" | "writefile" | "fts3_tokenizer")
        }
        AuthAction::Pragma { pragma_name, pragma_value: Some(_) }
            if bounds::is_bound(pragma_name) =>
        {
            return Authorization::Ignore;
        }
        AuthAction::Pragma { pragma_name, .. } => {
            !matches!(pragma_name, "temp_store_directory" | "data_store_directory")
        }
        _ => true,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}
