//! `require()` of ES modules: a synchronous import.

use rquickjs::prelude::Func;
use rquickjs::promise::PromiseState;
use rquickjs::{Ctx, Module, Object, Result, Value};

use super::failure::LoadFailure;
use super::state::Loader;

/// The namespace of the module `name`, evaluated now.
///
/// A module that imports it and nothing else is declared and evaluated. Modules that are being
/// evaluated or loaded at this moment must not be reached: see `module_graph`.
pub(crate) fn import_sync<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Object<'js>> {
    let loader = Loader::of(ctx);
    let busy = loader.graph.borrow().busy();
    if let Some(busy) = loader.graph.borrow().reaches(name, &busy) {
        let failure = LoadFailure::Cycle { specifier: name.to_owned(), busy: busy.to_owned() };
        return Err(failure.throw(ctx));
    }

    let wrapper = format!("ocg:sync/{name}");
    let source = format!("export * as namespace from {};", serde_json::Value::from(name));
    loader.barriers.borrow_mut().push(busy);
    loader.graph.borrow_mut().begin(&wrapper);
    let declared = Module::declare(ctx.clone(), wrapper.as_str(), source);
    loader.graph.borrow_mut().loaded(declared.is_ok());
    loader.barriers.borrow_mut().pop();

    loader.graph.borrow_mut().enter(&wrapper);
    let evaluated = declared.and_then(Module::eval);
    loader.graph.borrow_mut().leave();
    let (module, promise) = evaluated?;
    if promise.state() != PromiseState::Resolved {
        // The failure is reported here; it must not be reported as unhandled as well.
        let ignore = Func::from(|_: Value<'js>| ());
        promise.catch()?.call::<_, ()>((rquickjs::prelude::This(promise.clone()), ignore))?;
    }
    match promise.result::<Value>() {
        Some(Ok(_)) => module.get("namespace"),
        Some(Err(error)) => Err(error),
        None => Err(LoadFailure::Async { specifier: name.to_owned() }.throw(ctx)),
    }
}
