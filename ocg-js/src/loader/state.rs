//! What the loader of one isolate remembers.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rquickjs::{Ctx, JsLifetime};

use super::bytecode_cache::BytecodeCache;
use super::context_use::ContextUse;
use super::imports::ImportRecord;
use super::module_graph::ModuleGraph;
use super::packages::Packages;
use super::resolve::{is_file, without_query};

/// The loader, as userdata of its QuickJS runtime.
#[derive(Clone, JsLifetime)]
pub(crate) struct Loader(Rc<State>);

pub(crate) struct State {
    pub(crate) packages: Packages,
    pub(crate) graph: RefCell<ModuleGraph>,
    /// Imports of the modules that use the SDK, to know which names a facade has to make up.
    pub(crate) sdk_imports: RefCell<HashMap<String, Vec<ImportRecord>>>,
    /// Modules that the synchronous imports in progress must not reach, innermost last.
    pub(crate) barriers: RefCell<Vec<HashSet<String>>>,
    pub(crate) cache: Option<BytecodeCache>,
    /// Whether contexts are carried across `await`.
    context: ContextUse,
}

impl Loader {
    pub(crate) fn new(packages: &[PathBuf], cache: Option<BytecodeCache>) -> Self {
        let context = ContextUse::of(packages, cache.as_ref().map(BytecodeCache::folder));
        Self(Rc::new(State {
            packages: Packages::new(packages),
            graph: RefCell::default(),
            sdk_imports: RefCell::default(),
            barriers: RefCell::default(),
            cache,
            context,
        }))
    }

    /// The loader of a context.
    pub(crate) fn of(ctx: &Ctx<'_>) -> Self {
        (*ctx.userdata::<Self>().expect("every isolate stores its loader before it runs a module"))
            .clone()
    }

    /// Whether a module's name is that of a file in the plugin's tree.
    pub(crate) fn owns(&self, name: &str) -> bool {
        self.packages.check(Path::new(without_query(name))).is_ok()
    }

    /// Whether the body of this ES module has begun, or waits for its imports, and has not ended.
    pub(crate) fn is_evaluating(&self, name: &str) -> bool {
        is_file(name) && self.graph.borrow().is_open(name)
    }

    /// Whether code is rewritten so that it carries the context of `AsyncLocalStorage`.
    pub(crate) fn carries_context(&self) -> bool {
        self.context.found
    }

    /// A module of the plugin imports `node:async_hooks`.
    pub(crate) fn note_context_use(&self, module: &str) {
        if !self.context.found {
            self.context.forget();
            tracing::warn!(
                "AsyncLocalStorage does not follow await in {}: it was not known that the plugin \
                 uses it; the next start takes care of that",
                self.shown(module)
            );
        }
    }

    /// A text with the plugin's files named from their package on.
    pub(crate) fn shown(&self, text: &str) -> String {
        self.packages.shown(text)
    }
}

impl std::ops::Deref for Loader {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}
