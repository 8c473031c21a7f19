//! `ocg:host`: how our runtime modules talk to Rust.

use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::prelude::{Func, Opt};
use rquickjs::{Ctx, Function, Promise, Result, Value};

use super::{Callbacks, HostError, Realm, throw_with_code};

/// `hostCall`, `hostCallSync`, `hostNotify` and `expose`.
pub(crate) struct HostModule;

impl ModuleDef for HostModule {
    fn declare<'js>(declarations: &Declarations<'js>) -> Result<()> {
        for name in ["hostCall", "hostCallSync", "hostNotify", "expose"] {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> Result<()> {
        exports.export("hostCall", Func::from(host_call))?;
        exports.export("hostCallSync", Func::from(host_call_sync))?;
        exports.export("hostNotify", Func::from(host_notify))?;
        exports.export("expose", Func::from(expose))?;
        Ok(())
    }
}

fn host_call<'js>(ctx: Ctx<'js>, op: String, args: Opt<Value<'js>>) -> Result<Promise<'js>> {
    let args = to_json(&ctx, args.0)?;
    let host = Realm::of(&ctx).host().clone();
    let inner = ctx.clone();
    Promise::wrap_future(&ctx, async move { answer(&inner, host.call(&op, args).await) })
}

fn host_call_sync<'js>(ctx: Ctx<'js>, op: String, args: Opt<Value<'js>>) -> Result<Value<'js>> {
    let args = to_json(&ctx, args.0)?;
    let host = Realm::of(&ctx).host().clone();
    answer(&ctx, host.call_sync(&op, args))
}

fn answer<'js>(
    ctx: &Ctx<'js>,
    answer: std::result::Result<serde_json::Value, HostError>,
) -> Result<Value<'js>> {
    match answer {
        Ok(answer) => from_json(ctx, &answer),
        Err(error) => {
            let code = error.code.as_deref().unwrap_or("ERR_OCG_HOST");
            Err(throw_with_code(ctx, code, &error.message))
        }
    }
}

fn host_notify<'js>(ctx: Ctx<'js>, op: String, args: Opt<Value<'js>>) -> Result<()> {
    let args = to_json(&ctx, args.0)?;
    Realm::of(&ctx).host().notify(&op, args);
    Ok(())
}

fn expose<'js>(ctx: Ctx<'js>, name: String, function: Function<'js>) {
    Callbacks::set(&ctx, name, function);
}

/// A JavaScript value as `JSON.stringify` sees it; what it leaves out is null.
pub(crate) fn to_json<'js>(ctx: &Ctx<'js>, value: Option<Value<'js>>) -> Result<serde_json::Value> {
    let Some(value) = value.filter(|value| !value.is_undefined()) else {
        return Ok(serde_json::Value::Null);
    };
    let Some(text) = ctx.json_stringify(value)? else {
        return Ok(serde_json::Value::Null);
    };
    let text = text.to_string()?;
    serde_json::from_str(&text)
        .map_err(|error| rquickjs::Exception::throw_type(ctx, &format!("not JSON: {error}")))
}

/// The value as `JSON.parse` makes it.
pub(crate) fn from_json<'js>(ctx: &Ctx<'js>, value: &serde_json::Value) -> Result<Value<'js>> {
    ctx.json_parse(value.to_string())
}
