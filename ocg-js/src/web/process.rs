//! `ocg:native/process`: what `process` shows of the machine, and its way out.

use rquickjs::module::{Declarations, Exports, ModuleDef};
use rquickjs::prelude::Func;
use rquickjs::{Ctx, Object, Result};
use tokio::time::Instant;

use crate::isolate::{IsolateEnd, Realm};
use crate::node::os;

/// `facts`, `now()`, `memory()`, `write(stream, text)` and `exit(code)`.
pub(crate) struct ProcessModule;

impl ModuleDef for ProcessModule {
    fn declare<'js>(declarations: &Declarations<'js>) -> Result<()> {
        for name in ["facts", "now", "heapUsed", "write", "exit"] {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(ctx: &Ctx<'js>, exports: &Exports<'js>) -> Result<()> {
        let started = Instant::now();
        exports.export("facts", facts(ctx)?)?;
        exports.export("now", Func::from(move || started.elapsed().as_nanos() as f64))?;
        exports.export("heapUsed", Func::from(heap_used))?;
        exports.export("write", Func::from(write))?;
        exports.export("exit", Func::from(exit))?;
        Ok(())
    }
}

fn facts<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let realm = Realm::of(ctx);
    let process = realm.process();
    let facts = Object::new(ctx.clone())?;
    let env = Object::new(ctx.clone())?;
    for (name, value) in &process.env {
        env.set(name.as_str(), value.as_str())?;
    }
    facts.set("env", env)?;
    facts.set("argv", process.argv.clone())?;
    facts.set("cwd", process.cwd.to_string_lossy().as_ref())?;
    facts.set("platform", os::platform())?;
    facts.set("arch", os::arch())?;
    facts.set("pid", std::process::id())?;
    facts.set("ocg", env!("CARGO_PKG_VERSION"))?;
    Ok(facts)
}

#[allow(unsafe_code)]
fn heap_used(ctx: Ctx<'_>) -> f64 {
    let mut usage = std::mem::MaybeUninit::uninit();
    // SAFETY: the context is alive, so is its runtime; the call fills the whole structure.
    let usage = unsafe {
        let runtime = rquickjs::qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
        rquickjs::qjs::JS_ComputeMemoryUsage(runtime, usage.as_mut_ptr());
        usage.assume_init()
    };
    usage.malloc_size as f64
}

fn write(ctx: Ctx<'_>, stream: String, text: String) {
    let realm = Realm::of(&ctx);
    if stream == "stderr" {
        realm.host().stderr(&text);
    } else {
        realm.host().stdout(&text);
    }
}

/// The isolate ends as soon as JavaScript gives way; the process goes on.
fn exit(ctx: Ctx<'_>, code: i32) {
    let realm = Realm::of(&ctx);
    realm.end(IsolateEnd::Exited { plugin: realm.name().to_owned(), code });
}
