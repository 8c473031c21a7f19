//! Compiles modules and CommonJS files, or takes them from the cache.

use std::borrow::Cow;
use std::path::Path;

use oxc_span::SourceType;
use rquickjs::module::Declared;
use rquickjs::{Ctx, Function, Module, Result, Value};

use super::await_rewrite;
use super::bytecode::{self, Read};
use super::bytecode_cache::{BytecodeCache, Entry};
use super::failure::LoadFailure;
use super::hooks::EVALUATED;
use super::imports::{self, ImportRecord};
use super::resolve::is_file;
use super::sdk_link;
use super::source;
use super::state::Loader;
use super::typescript;

impl Loader {
    /// Declares an ES module; what it imports is loaded on the way.
    pub(crate) fn compiled<'js>(
        &self,
        ctx: &Ctx<'js>,
        name: &str,
        source: &str,
    ) -> Result<Module<'js, Declared>> {
        let Some(cache) = &self.cache else {
            let source = as_javascript(name, source).map_err(|failure| failure.throw(ctx))?;
            self.note_imports(name, sdk_imports(name, &source));
            return self.declare(ctx, name, &source);
        };
        let kind = if self.carries_context() { "module that carries contexts" } else { "module" };
        let key = cache.key(kind, name, source);
        if let Some(entry) = cache.get(&key) {
            self.note_imports(name, entry.imports);
            #[allow(unsafe_code)]
            // SAFETY: the code was written by `put` below from this source with this version of
            // the engine (both are in the key), into a directory that only this user can write,
            // and its checksum is right.
            let read = unsafe { bytecode::declare(ctx, name, &entry.code) };
            match read {
                Read::Module(module) => return Ok(module),
                Read::Unlinked(error) => {
                    self.graph.borrow_mut().broke(name);
                    return Err(error);
                }
                Read::Damaged => tracing::debug!("compiled code of {name} is not usable"),
            }
        }
        let source = as_javascript(name, source).map_err(|failure| failure.throw(ctx))?;
        let imports = sdk_imports(name, &source);
        self.note_imports(name, imports.clone());
        let module = self.declare(ctx, name, &source)?;
        // Our own functions' texts are of no use to anybody and cost memory.
        let code = bytecode::write_module(&module, is_file(name))?;
        cache.put(&key, &Entry { code, imports });
        Ok(module)
    }

    /// The function that Node wraps a CommonJS file into.
    pub(crate) fn commonjs_function<'js>(
        &self,
        ctx: &Ctx<'js>,
        path: &Path,
    ) -> Result<Function<'js>> {
        let source = source::read(path).map_err(|failure| failure.throw_from_require(ctx))?;
        let name = path.to_string_lossy();
        // On one line with the source's first, so that line numbers stay right.
        let wrapped =
            format!("(function (exports, require, module, __filename, __dirname) {{{source}\n}})");
        let script = match &self.cache {
            Some(cache) => self.cached_script(ctx, cache, &name, wrapped)?,
            None => self.compile_script(ctx, &name, wrapped)?,
        };
        bytecode::run_script(ctx, &script)?.get()
    }

    fn cached_script<'js>(
        &self,
        ctx: &Ctx<'js>,
        cache: &BytecodeCache,
        name: &str,
        source: String,
    ) -> Result<Value<'js>> {
        let kind = if self.carries_context() { "script that carries contexts" } else { "script" };
        let key = cache.key(kind, name, &source);
        if let Some(entry) = cache.get(&key) {
            #[allow(unsafe_code)]
            // SAFETY: as for modules, see `compiled`.
            let script = unsafe { bytecode::read_script(ctx, &entry.code) };
            if let Some(script) = script {
                return Ok(script);
            }
        }
        let script = self.compile_script(ctx, name, source)?;
        if let Some(code) = bytecode::write_script(ctx, &script) {
            cache.put(&key, &Entry { code, imports: Vec::new() });
        }
        Ok(script)
    }

    fn compile_script<'js>(
        &self,
        ctx: &Ctx<'js>,
        name: &str,
        source: String,
    ) -> Result<Value<'js>> {
        let rewritten = self.rewritten(&source, SourceType::script()).unwrap_or(source);
        bytecode::compile_script(ctx, name, rewritten)
    }

    /// Compiles. The last statement reports that the body has run: see `module_graph`.
    fn declare<'js>(
        &self,
        ctx: &Ctx<'js>,
        name: &str,
        source: &str,
    ) -> Result<Module<'js, Declared>> {
        let rewritten = self.rewritten(source, SourceType::mjs());
        let source = rewritten.as_deref().unwrap_or(source);
        let quoted = serde_json::Value::from(name);
        Module::declare(ctx.clone(), name, format!("{source}\n;{EVALUATED}({quoted});"))
    }

    fn rewritten(&self, source: &str, source_type: SourceType) -> Option<String> {
        self.carries_context().then(|| await_rewrite::rewrite(source, source_type))?
    }

    fn note_imports(&self, name: &str, imports: Vec<ImportRecord>) {
        if !imports.is_empty() {
            self.sdk_imports.borrow_mut().insert(name.to_owned(), imports);
        }
    }
}

/// The source of a module of the plugin as the engine takes it: TypeScript is compiled.
pub(crate) fn as_javascript<'a>(
    name: &str,
    source: &'a str,
) -> std::result::Result<Cow<'a, str>, LoadFailure> {
    if !is_file(name) || !typescript::is_typescript(name) {
        return Ok(Cow::Borrowed(source));
    }
    typescript::javascript(source, name)
        .map(Cow::Owned)
        .map_err(|reason| LoadFailure::BadTypeScript { name: name.to_owned(), reason })
}

/// Imports from the SDK by a plugin's file: the names decide which facade it is given.
fn sdk_imports(name: &str, source: &str) -> Vec<ImportRecord> {
    let sdk = sdk_link::SDK.trim_end_matches('/');
    if !is_file(name) || !source.contains(sdk) {
        return Vec::new();
    }
    let mut imports = imports::imports(source);
    imports.retain(|import| import.specifier.starts_with(sdk));
    imports
}
