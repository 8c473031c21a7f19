//! `ocg:native/module`: the loader's half of `node:module`.

use std::path::Path;

use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::prelude::Func;
use rquickjs::{Ctx, Function, Object, Result, Value};

use super::packages::{Kind, Mode};
use super::resolve::{is_file, without_query};
use super::state::Loader;
use super::{commonjs, embedded, sync_import};
use crate::isolate::Callbacks;

/// Resolution, compilation and synchronous import.
pub(crate) struct ModuleModule;

const NAMES: [&str; 8] = [
    "resolve",
    "kind",
    "compile",
    "readJson",
    "importSync",
    "requireSync",
    "builtins",
    "setCommonJsLoader",
];

impl ModuleDef for ModuleModule {
    fn declare<'js>(declarations: &Declarations<'js>) -> Result<()> {
        for name in NAMES {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(_ctx: &Ctx<'js>, exports: &Exports<'js>) -> Result<()> {
        exports.export("resolve", Func::from(resolve))?;
        exports.export("kind", Func::from(kind))?;
        exports.export("compile", Func::from(compile))?;
        exports.export("readJson", Func::from(read_json))?;
        exports.export("importSync", Func::from(import_sync))?;
        exports.export("requireSync", Func::from(require_sync))?;
        exports.export("builtins", Func::from(embedded::builtins))?;
        exports.export("setCommonJsLoader", Func::from(set_commonjs_loader))?;
        Ok(())
    }
}

/// The canonical name of what `require(specifier)` means in the file or `file:` URL `parent`.
fn resolve<'js>(ctx: Ctx<'js>, specifier: String, parent: String) -> Result<String> {
    let resolved = Loader::of(&ctx).resolve(&module_name(parent), &specifier, Mode::Require);
    resolved.map_err(|failure| failure.throw_from_require(&ctx))
}

/// The canonical name behind a path, a `file:` URL or a name.
fn module_name(parent: String) -> String {
    match url::Url::parse(&parent).ok().and_then(|url| url.to_file_path().ok()) {
        Some(path) => path.to_string_lossy().into_owned(),
        None => parent,
    }
}

/// How `require` treats a canonical name.
fn kind<'js>(ctx: Ctx<'js>, name: String) -> Result<&'static str> {
    if !is_file(&name) {
        return Ok("module");
    }
    let kind = Loader::of(&ctx).packages.kind(Path::new(without_query(&name)));
    match kind.map_err(|failure| failure.throw_from_require(&ctx))? {
        Kind::Esm => Ok("module"),
        Kind::CommonJs => Ok("commonjs"),
        Kind::Json => Ok("json"),
    }
}

/// Refuses to read what `import` would not load.
fn checked<'js>(ctx: &Ctx<'js>, name: &str) -> Result<std::path::PathBuf> {
    let path = std::path::PathBuf::from(without_query(name));
    match Loader::of(ctx).packages.check(&path) {
        Ok(()) => Ok(path),
        Err(failure) => Err(failure.throw_from_require(ctx)),
    }
}

fn compile<'js>(ctx: Ctx<'js>, name: String) -> Result<Function<'js>> {
    Loader::of(&ctx).commonjs_function(&ctx, &checked(&ctx, &name)?)
}

fn read_json<'js>(ctx: Ctx<'js>, name: String) -> Result<Value<'js>> {
    commonjs::read_json(&ctx, &checked(&ctx, &name)?)
}

fn import_sync<'js>(ctx: Ctx<'js>, name: String) -> Result<Object<'js>> {
    sync_import::import_sync(&ctx, &name)
}

/// Resolves as `import` does from `parent` and evaluates at once; for the SDK's bundled entries.
fn require_sync<'js>(ctx: Ctx<'js>, specifier: String, parent: String) -> Result<Object<'js>> {
    let name = Loader::of(&ctx)
        .resolve(&module_name(parent), &specifier, Mode::Import)
        .map_err(|failure| failure.throw(&ctx))?;
    sync_import::import_sync(&ctx, &name)
}

fn set_commonjs_loader<'js>(ctx: Ctx<'js>, hook: Function<'js>) {
    Callbacks::set(&ctx, commonjs::LOAD_HOOK, hook);
}
