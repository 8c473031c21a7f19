//! JavaScript exceptions: carried out of the isolate, logged, and made from Rust.

use std::path::Path;

use rquickjs::convert::Coerced;
use rquickjs::{CatchResultExt, CaughtError, Ctx, Error, Exception, Object, Value};

use super::{IsolateEnd, JsException, Realm};

/// Frames kept of a stack: enough to find the place, not enough to flood the log.
const MAX_FRAMES: usize = 16;

/// Takes the exception that `error` stands for out of the context.
pub fn caught<'js>(ctx: &Ctx<'js>, error: Error) -> JsException {
    match Err::<(), _>(error).catch(ctx) {
        Err(CaughtError::Exception(exception)) => {
            describe(ctx, &Value::from(exception.into_object()))
        }
        Err(CaughtError::Value(value)) => describe(ctx, &value),
        Err(CaughtError::Error(error)) => {
            JsException { message: error.to_string(), code: None, stack: String::new() }
        }
        Ok(()) => unreachable!("the result is an error"),
    }
}

/// Words for any thrown value.
pub(crate) fn describe<'js>(ctx: &Ctx<'js>, thrown: &Value<'js>) -> JsException {
    let Some(object) = thrown.as_object() else {
        let text = match thrown.get::<Coerced<String>>() {
            Ok(text) => text.0,
            Err(_) => thrown.type_name().to_owned(),
        };
        return JsException { message: text, code: None, stack: String::new() };
    };
    let text = |key: &str| object.get::<_, Option<String>>(key).ok().flatten();
    let name = text("name").unwrap_or_default();
    let message = match (name.as_str(), text("message").unwrap_or_default()) {
        ("" | "Error", message) => message,
        (name, message) if message.is_empty() => name.to_owned(),
        (name, message) => format!("{name}: {message}"),
    };
    // A getter may have thrown; that is not what we report.
    let _ = ctx.catch();
    let realm = Realm::of(ctx);
    if name == "InternalError" && message.ends_with("out of memory") {
        realm.end(IsolateEnd::OutOfMemory {
            plugin: realm.name().to_owned(),
            limit: realm.memory_limit(),
        });
    }
    JsException {
        message,
        code: text("code"),
        stack: trim_stack(&text("stack").unwrap_or_default(), realm.packages()),
    }
}

/// Makes paths relative to the plugin's package and drops what is too much.
fn trim_stack(stack: &str, packages: &[impl AsRef<Path>]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in stack.lines().take(MAX_FRAMES) {
        let mut line = line.trim().to_owned();
        for package in packages {
            line = line.replace(&format!("{}/", package.as_ref().display()), "");
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// Logs an exception that nobody in the plugin handled; the plugin lives on.
pub fn log_uncaught<'js>(ctx: &Ctx<'js>, what: &str, exception: &JsException) {
    let plugin = Realm::of(ctx).name().to_owned();
    tracing::warn!(
        target: "ocg::plugin",
        plugin, stack = exception.stack, "{what}: {}", exception.message
    );
}

/// Throws an `Error` with a `code`, as Node does.
pub fn throw_with_code(ctx: &Ctx<'_>, code: &str, message: &str) -> Error {
    match Exception::from_message(ctx.clone(), message) {
        Ok(exception) => {
            // Cannot fail on a fresh error object short of memory, which throws by itself.
            let _ = Object::set(exception.as_object(), "code", code);
            exception.throw()
        }
        Err(error) => error,
    }
}
