//! Rust halves of the web globals and of `process`, one file each. JavaScript reaches them as
//! `ocg:native/<name>`.

mod console;
mod http;
mod intl;
mod process;
pub(crate) mod stdin;
#[cfg(test)]
mod tests;
mod timers;

pub(crate) use http::tls_code;
use ocg_core::http::HttpSettings;
use rquickjs::{Ctx, Exception, Result};

use crate::loader::{Declare, declare};
use crate::permit::Permits;

/// The module behind `ocg:native/<name>`, if it is one of the web's.
pub(crate) fn native(name: &str) -> Option<Declare> {
    Some(match name {
        "console" => declare::<console::ConsoleModule>,
        "http" => declare::<http::HttpModule>,
        "intl" => declare::<intl::IntlModule>,
        "process" => declare::<process::ProcessModule>,
        "timers" => declare::<timers::TimersModule>,
        _ => return None,
    })
}

/// Starts what works in the background of an isolate.
pub(crate) fn start(ctx: &Ctx<'_>, settings: HttpSettings, permits: &Permits) {
    timers::start(ctx);
    let stored = ctx.store_userdata(http::Clients::new(settings, permits)).is_ok();
    debug_assert!(stored, "nobody can be reading userdata yet");
}

/// Proxies and certificates of the plugin's connections.
pub(crate) fn http_settings(ctx: &Ctx<'_>) -> Result<HttpSettings> {
    match ctx.userdata::<http::Clients>() {
        Some(clients) => Ok(clients.settings().clone()),
        None => Err(Exception::throw_internal(ctx, "the isolate has no HTTP settings")),
    }
}
