//! JavaScript exceptions: carried out of the isolate, logged, and made from Rust.

use rquickjs::convert::Coerced;
use rquickjs::{CatchResultExt, CaughtError, Ctx, Error, Exception, Object, Value};

use super::stack::Stack;
use super::{IsolateEnd, JsException, Realm, Seated, engine};
use crate::loader::Loader;

/// Causes that are followed: a chain may be a circle.
const MAX_CAUSES: usize = 4;

/// Takes the exception that `error` stands for out of the context.
pub fn caught<'js>(ctx: &Ctx<'js>, error: Error) -> JsException {
    match Err::<(), _>(error).catch(ctx) {
        Err(CaughtError::Exception(exception)) => {
            describe(ctx, &Value::from(exception.into_object()))
        }
        Err(CaughtError::Value(value)) => describe(ctx, &value),
        Err(CaughtError::Error(error)) => JsException {
            message: error.to_string(),
            code: None,
            place: None,
            stack: String::new(),
        },
        Ok(()) => unreachable!("the result is an error"),
    }
}

/// Words for any thrown value.
pub(crate) fn describe<'js>(ctx: &Ctx<'js>, thrown: &Value<'js>) -> JsException {
    let mut message = with_causes(thrown);
    let text = |key: &str| text(thrown.as_object()?, key);
    let (code, trace) = (text("code"), text("stack").unwrap_or_default());
    let ran_out = (thrown.is_null() && engine::was_crowded(ctx, Realm::of(ctx).memory_limit()))
        || text("name").as_deref() == Some("InternalError")
            && text("message").is_some_and(|message| message.ends_with("out of memory"));
    // A getter may have thrown; that is not what we report.
    let _ = ctx.catch();
    if ran_out {
        let realm = Realm::of(ctx);
        realm.end(IsolateEnd::OutOfMemory {
            plugin: realm.name().to_owned(),
            limit: realm.memory_limit(),
        });
    }
    if text("name").as_deref() == Some("SyntaxError") {
        // The engine names modules whose exports do not match by their full path.
        message = Loader::of(ctx).shown(&message);
    }
    let Stack { text: stack, place } = Stack::read(ctx, &trace);
    JsException { message, code, place, stack }
}

/// What was thrown and what caused it, one after the other.
fn with_causes(thrown: &Value<'_>) -> String {
    let mut text = headline(thrown);
    let mut last = thrown.clone();
    for _ in 0..MAX_CAUSES {
        let cause =
            last.as_object().and_then(|error| error.get::<_, Option<Value>>("cause").ok()?);
        let Some(cause) = cause.filter(|cause| !cause.is_null() && !cause.is_undefined()) else {
            break;
        };
        let line = headline(&cause);
        // Many authors copy the cause's message into their own.
        if !text.contains(&line) {
            text = format!("{text}: {line}");
        }
        last = cause;
    }
    text
}

/// `Name: message`, without the name for a plain `Error`; any other value as a string.
fn headline(thrown: &Value<'_>) -> String {
    let part =
        |key: &str| thrown.as_object().and_then(|error| text(error, key)).unwrap_or_default();
    match (part("name").as_str(), part("message")) {
        ("", message) if message.is_empty() => match thrown.get::<Coerced<String>>() {
            Ok(text) => text.0,
            Err(_) => thrown.type_name().to_owned(),
        },
        ("" | "Error", message) => message,
        (name, message) if message.is_empty() => name.to_owned(),
        (name, message) => format!("{name}: {message}"),
    }
}

fn text(object: &Object<'_>, key: &str) -> Option<String> {
    object.get::<_, Option<String>>(key).ok().flatten()
}

/// Logs an exception that nobody in the plugin handled; the plugin lives on. A worker ends: whoever
/// started it is told.
pub fn log_uncaught<'js>(ctx: &Ctx<'js>, what: &str, exception: &JsException) {
    if let Some(seat) = ctx.userdata::<Seated>() {
        seat.fail(exception);
        let plugin = Realm::of(ctx).name().to_owned();
        return Realm::of(ctx).end(IsolateEnd::Exited { plugin, code: 1 });
    }
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
