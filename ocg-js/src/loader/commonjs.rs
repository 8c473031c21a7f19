//! CommonJS modules: run by `node:module`, linked into ES modules here.

use std::path::Path;

use rquickjs::{Ctx, Filter, Result, Value};

use super::failure::LoadFailure;
use crate::isolate::Callbacks;

/// The hook that `node:module` sets: runs a CommonJS file, or gives what it exported before.
pub(crate) const LOAD_HOOK: &str = "ocg:commonjs.load";

/// The `module.exports` of a file.
///
/// A file that an ES module imports runs while that module is linked, before the bodies of other
/// imports: only so are its exports known exactly. Packages that depend on that order would not
/// survive a bundler either.
pub(crate) fn load<'js>(ctx: &Ctx<'js>, path: &Path) -> Result<Value<'js>> {
    let Some(hook) = Callbacks::get(ctx, LOAD_HOOK) else {
        return Err(rquickjs::Exception::throw_internal(ctx, "node:module is not loaded yet"));
    };
    hook.call((path.to_string_lossy().as_ref(),))
}

/// Properties of `module.exports` that can be imported by name.
pub(crate) fn export_names(exports: &Value<'_>) -> Vec<String> {
    let Some(object) = exports.as_object() else { return Vec::new() };
    object
        .own_keys::<String>(Filter::new().string().enum_only())
        .filter_map(|key| key.ok())
        .filter(|key| key != "default" && is_identifier(key))
        .collect()
}

/// The value of a JSON file.
pub(crate) fn read_json<'js>(ctx: &Ctx<'js>, path: &Path) -> Result<Value<'js>> {
    let source = std::fs::read_to_string(path)
        .map_err(|source| LoadFailure::Unreadable { path: path.to_owned(), source }.throw(ctx))?;
    ctx.json_parse(source.strip_prefix('\u{feff}').unwrap_or(&source)).map_err(|error| {
        let reason = crate::isolate::caught(ctx, error).message;
        LoadFailure::BadJson { path: path.to_owned(), reason }.throw(ctx)
    })
}

/// Whether a property can be written after a dot. Reserved words can; other letters than ASCII
/// are rare enough in export names to be left out.
fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, '_' | '$'))
        && chars.all(|rest| rest.is_ascii_alphanumeric() || matches!(rest, '_' | '$'))
}
