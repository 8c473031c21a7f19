//! Rust halves of the web globals and of `process`, one file each. JavaScript reaches them as
//! `ocg:native/<name>`.

mod console;
mod process;
pub(crate) mod stdin;
#[cfg(test)]
mod tests;
mod timers;

use ocg_core::http::HttpSettings;
use rquickjs::Ctx;

use crate::isolate::IsolateError;
use crate::loader::{Declare, declare};

/// The module behind `ocg:native/<name>`, if it is one of the web's.
pub(crate) fn native(name: &str) -> Option<Declare> {
    Some(match name {
        "console" => declare::<console::ConsoleModule>,
        "process" => declare::<process::ProcessModule>,
        "timers" => declare::<timers::TimersModule>,
        _ => return None,
    })
}

/// Starts what works in the background of an isolate.
///
/// # Errors
/// Unusable HTTP settings.
pub(crate) fn start(ctx: &Ctx<'_>, _http: HttpSettings) -> Result<(), IsolateError> {
    timers::start(ctx);
    Ok(())
}
