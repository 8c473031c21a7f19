//! Puts the loader into the engine.

use std::path::{Path, PathBuf};

use rquickjs::loader::{ImportAttributes, Resolver};
use rquickjs::module::Declared;
use rquickjs::object::Property;
use rquickjs::prelude::Func;
use rquickjs::{AsyncContext, AsyncRuntime, Ctx, Module, Promise, Result};

use super::bytecode;
use super::bytecode_cache::BytecodeCache;
use super::failure::LoadFailure;
use super::packages::Mode;
use super::state::Loader;

/// The referrer of what the host itself imports.
const HOST: &str = "ocg:host";
/// Every compiled module calls this global with its own name when its body has run.
pub(crate) const EVALUATED: &str = "__ocgEvaluated";

/// Gives a fresh runtime its loader. `packages` are the directories that code may come
/// from, `cache` is where compiled modules are kept.
///
/// # Errors
/// Out of memory.
pub async fn install(
    runtime: &AsyncRuntime,
    context: &AsyncContext,
    packages: &[PathBuf],
    cache: Option<&Path>,
) -> Result<()> {
    let loader = Loader::new(packages, cache.and_then(BytecodeCache::open));
    runtime.set_loader(loader.clone(), loader.clone()).await;
    context
        .with(|ctx| {
            let stored = ctx.store_userdata(loader.clone()).is_ok();
            debug_assert!(stored, "nobody can be reading userdata yet");
            Module::declare(ctx.clone(), bytecode::UNREAD, "")?;
            let evaluated = move |name: String| loader.graph.borrow_mut().done(&name);
            ctx.globals().prop(EVALUATED, Property::from(Func::from(evaluated)))
        })
        .await
}

/// Imports a module for the host; the promise settles when it is evaluated.
///
/// # Errors
/// An exception: the module cannot be found, read or linked.
pub fn import<'js>(ctx: &Ctx<'js>, specifier: &str) -> Result<Promise<'js>> {
    let loader = Loader::of(ctx);
    let name =
        loader.resolve(HOST, specifier, Mode::Import).map_err(|failure| failure.throw(ctx))?;
    loader.graph.borrow_mut().enter(&name);
    let promise = Module::import(ctx, name);
    loader.graph.borrow_mut().leave();
    promise
}

impl Resolver for Loader {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        specifier: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<String> {
        if bytecode::is_reading() {
            return Ok(bytecode::UNREAD.to_owned());
        }
        let name = Loader::resolve(self, base, specifier, Mode::Import)
            .map_err(|failure| failure.throw(ctx))?;
        let mut graph = self.graph.borrow_mut();
        graph.resolved(base, &name);
        let barriers = self.barriers.borrow();
        let busy = barriers.last().and_then(|barrier| graph.reaches(&name, barrier));
        match busy.map(str::to_owned) {
            Some(busy) => {
                drop(graph);
                Err(LoadFailure::Cycle { specifier: name, busy }.throw(ctx))
            }
            None => Ok(name),
        }
    }
}

impl rquickjs::loader::Loader for Loader {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        self.graph.borrow_mut().begin(name);
        let loaded = Loader::load(self, ctx, name);
        self.graph.borrow_mut().loaded(loaded.is_ok());
        loaded
    }
}
