//! `ocg:native/console`: a plugin's log lines and uncaught errors.

use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::prelude::Func;
use rquickjs::{Ctx, Result, Value};

use crate::isolate::{Realm, describe, log_uncaught};

/// `log(level, text)` and `reportError(what, error)`.
pub(crate) struct ConsoleModule;

impl ModuleDef for ConsoleModule {
    fn declare<'js>(declarations: &Declarations<'js>) -> Result<()> {
        declarations.declare("log")?.declare("reportError")?;
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> Result<()> {
        exports.export("log", Func::from(log))?;
        exports.export("reportError", Func::from(report_error))?;
        Ok(())
    }
}

fn log(ctx: Ctx<'_>, level: String, text: String) {
    let realm = Realm::of(&ctx);
    let plugin = realm.name();
    match level.as_str() {
        "error" => tracing::error!(target: "ocg::plugin", plugin, "{text}"),
        "warn" => tracing::warn!(target: "ocg::plugin", plugin, "{text}"),
        "debug" => tracing::debug!(target: "ocg::plugin", plugin, "{text}"),
        "trace" => tracing::trace!(target: "ocg::plugin", plugin, "{text}"),
        _ => tracing::info!(target: "ocg::plugin", plugin, "{text}"),
    }
}

fn report_error<'js>(ctx: Ctx<'js>, what: String, error: Value<'js>) {
    log_uncaught(&ctx, &what, &describe(&ctx, &error));
}
