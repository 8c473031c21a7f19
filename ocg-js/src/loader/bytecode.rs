//! Compiled code in and out of the engine: the crate's only use of its raw bytecode functions.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::ffi::CString;

use rquickjs::module::Declared;
use rquickjs::{Ctx, Error, Module, Result, Value, WriteOptions, qjs};

/// What became of a compiled module.
pub(crate) enum Read<'js> {
    /// Declared, and everything it imports is loaded.
    Module(Module<'js, Declared>),
    /// Not bytecode of this engine. Nothing is left of it.
    Damaged,
    /// An exception: something that it imports cannot be loaded. The engine keeps the module
    /// half-linked under its name.
    Unlinked(Error),
}

thread_local! {
    /// Hands bytes to [`read_module`], which the engine's interface gives no argument for.
    static INPUT: Cell<Option<(*const u8, usize)>> = const { Cell::new(None) };
    /// Whether the engine is reading a module, see [`is_reading`].
    static READING: Cell<bool> = const { Cell::new(false) };
    /// Whether [`read_module`] came as far as linking.
    static WAS_READ: Cell<bool> = const { Cell::new(false) };
}

/// Name of an empty module that stands for every import of a module which is being read.
pub(crate) const UNREAD: &str = "ocg:unread";

/// Whether the engine is reading a module. It then asks for each import in turn while the list of
/// imports is half filled. Loading one would crash it if that one imports the first in return: all
/// imports are [`UNREAD`] until the module is whole, and then the engine asks again to link it.
pub(crate) fn is_reading() -> bool {
    READING.get()
}

/// The bytecode of a declared module. `keep_source` keeps the text of functions for `toString`.
pub(crate) fn write_module(module: &Module<'_, Declared>, keep_source: bool) -> Result<Vec<u8>> {
    module.write(WriteOptions { strip_source: !keep_source, ..WriteOptions::default() })
}

/// Declares a module from its bytecode.
///
/// # Safety
/// The engine trusts bytecode. `bytes` must be what [`write_module`] gave, in this version of the
/// engine.
pub(crate) unsafe fn declare<'js>(ctx: &Ctx<'js>, name: &str, bytes: &[u8]) -> Read<'js> {
    INPUT.set(Some((bytes.as_ptr(), bytes.len())));
    WAS_READ.set(false);
    // SAFETY: `read_module` returns a module of this context or null; `bytes` outlives the call.
    match unsafe { Module::from_load_fn(ctx.clone(), name, read_module) } {
        Ok(module) => Read::Module(module),
        Err(error) if WAS_READ.get() => Read::Unlinked(error),
        Err(_) => {
            ctx.catch();
            Read::Damaged
        }
    }
}

unsafe extern "C" fn read_module(
    ctx: *mut qjs::JSContext,
    _name: *const qjs::c_char,
) -> *mut qjs::JSModuleDef {
    let Some((bytes, length)) = INPUT.take() else { return std::ptr::null_mut() };
    // SAFETY: `declare` keeps the bytes alive during this call; the value is checked before it is
    // used as a module. Linking loads imports, which may call back into `declare`: it takes its own
    // input.
    unsafe {
        let flags = qjs::JS_READ_OBJ_BYTECODE as i32;
        READING.set(true);
        let value = qjs::JS_ReadObject(ctx, bytes, length as _, flags);
        READING.set(false);
        if qjs::JS_VALUE_GET_TAG(value) != qjs::JS_TAG_MODULE {
            qjs::JS_FreeValue(ctx, value);
            return std::ptr::null_mut();
        }
        let linked = qjs::JS_ResolveModule(ctx, value) == 0;
        WAS_READ.set(true);
        if linked { qjs::JS_VALUE_GET_PTR(value).cast() } else { std::ptr::null_mut() }
    }
}

/// Compiles a sloppy-mode script without running it.
pub(crate) fn compile_script<'js>(
    ctx: &Ctx<'js>,
    name: &str,
    source: String,
) -> Result<Value<'js>> {
    let (name, length) = (CString::new(name)?, source.len());
    let source = CString::new(source)?;
    let flags = qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_COMPILE_ONLY;
    // SAFETY: both strings are terminated by zero and outlive the call; the value is ours.
    unsafe {
        let value = qjs::JS_Eval(
            ctx.as_raw().as_ptr(),
            source.as_ptr(),
            length as _,
            name.as_ptr(),
            flags as i32,
        );
        owned(ctx, value)
    }
}

/// The bytecode of a compiled script.
pub(crate) fn write_script(ctx: &Ctx<'_>, script: &Value<'_>) -> Option<Vec<u8>> {
    let mut length = 0;
    let flags = qjs::JS_WRITE_OBJ_BYTECODE as i32;
    // SAFETY: the script is a live value of this context; the buffer is copied and freed once.
    unsafe {
        let ctx = ctx.as_raw().as_ptr();
        let buffer = qjs::JS_WriteObject(ctx, &mut length, script.as_raw(), flags);
        if buffer.is_null() {
            return None;
        }
        let bytes = std::slice::from_raw_parts(buffer, length as usize).to_vec();
        qjs::js_free(ctx, buffer.cast());
        Some(bytes)
    }
}

/// Reads a compiled script.
///
/// # Safety
/// As for [`declare`], with what [`write_script`] gave.
pub(crate) unsafe fn read_script<'js>(ctx: &Ctx<'js>, bytes: &[u8]) -> Option<Value<'js>> {
    let flags = qjs::JS_READ_OBJ_BYTECODE as i32;
    // SAFETY: `bytes` outlives the call, which copies what it keeps; the value is ours.
    let value = unsafe {
        let read =
            qjs::JS_ReadObject(ctx.as_raw().as_ptr(), bytes.as_ptr(), bytes.len() as _, flags);
        owned(ctx, read)
    };
    if value.is_err() {
        ctx.catch();
    }
    value.ok()
}

/// Runs a compiled script.
pub(crate) fn run_script<'js>(ctx: &Ctx<'js>, script: &Value<'js>) -> Result<Value<'js>> {
    // SAFETY: the call takes over one reference to the script: the one that is made for it.
    unsafe {
        let context = ctx.as_raw().as_ptr();
        let script = qjs::JS_DupValue(context, script.as_raw());
        owned(ctx, qjs::JS_EvalFunction(context, script))
    }
}

/// Takes over a value that the engine returned.
///
/// # Safety
/// The caller owns one reference to `value`, which belongs to the context.
unsafe fn owned<'js>(ctx: &Ctx<'js>, value: qjs::JSValue) -> Result<Value<'js>> {
    // SAFETY: as promised by the caller; an exception has no reference to own.
    unsafe {
        if qjs::JS_IsException(value) {
            return Err(Error::Exception);
        }
        Ok(Value::from_raw(ctx.clone(), value))
    }
}

/// The engine's version, part of what cached code is good for.
pub(crate) fn engine_version() -> String {
    // SAFETY: the engine returns a constant string that ends with zero.
    let version = unsafe { std::ffi::CStr::from_ptr(qjs::JS_GetVersion()) };
    version.to_string_lossy().into_owned()
}
