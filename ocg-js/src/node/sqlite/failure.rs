use rquickjs::{Ctx, Error, Exception, Result};

use super::super::throw::coded;

/// As Node shapes SQLite's errors: `ERR_SQLITE_ERROR` with `errcode` and `errstr`.
pub(super) fn throw(ctx: &Ctx<'_>, error: &rusqlite::Error) -> Error {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            let text = message.clone().unwrap_or_else(|| failure.to_string());
            (failure.extended_code, text)
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => (error.extended_code, msg.clone()),
        other => (rusqlite::ffi::SQLITE_ERROR, other.to_string()),
    };
    let shape = || -> Result<Exception<'_>> {
        let exception = Exception::from_message(ctx.clone(), &message)?;
        let object = exception.as_object();
        object.set("code", "ERR_SQLITE_ERROR")?;
        object.set("errcode", code)?;
        object.set("errstr", rusqlite::ffi::code_to_str(code))?;
        Ok(exception)
    };
    match shape() {
        Ok(exception) => exception.throw(),
        Err(error) => error,
    }
}

pub(super) fn closed(ctx: &Ctx<'_>) -> Error {
    coded(ctx, "ERR_INVALID_STATE", "database is not open")
}
