//! The JavaScript engine itself.

use std::ffi::CStr;
use std::mem::MaybeUninit;

use rquickjs::{Ctx, qjs};

/// Version of QuickJS-ng.
#[allow(unsafe_code)]
pub fn engine_version() -> &'static str {
    // SAFETY: takes nothing and returns a constant, NUL-terminated string of the engine.
    let version = unsafe { CStr::from_ptr(qjs::JS_GetVersion()) };
    version.to_str().unwrap_or("unknown")
}

/// Bytes that the engine has allocated. It walks over all objects, which takes milliseconds.
#[allow(unsafe_code)]
pub(super) fn memory_in_use(ctx: &Ctx<'_>) -> u64 {
    let mut usage = MaybeUninit::<qjs::JSMemoryUsage>::uninit();
    // SAFETY: the context is alive, so its runtime is, and this is its thread; the engine fills in
    // the whole structure.
    let usage = unsafe {
        let runtime = qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
        qjs::JS_ComputeMemoryUsage(runtime, usage.as_mut_ptr());
        usage.assume_init()
    };
    u64::try_from(usage.malloc_size).unwrap_or_default()
}

/// Whether memory was short lately.
///
/// The engine throws null when there is not even room for an error, and by the time that null
/// arrives the memory is free again. The next collection is due half above what was in use at the
/// last one, which tells that from a plugin's own `throw null`.
#[allow(unsafe_code)]
pub(super) fn was_crowded(ctx: &Ctx<'_>, memory_limit: usize) -> bool {
    // SAFETY: the context is alive, so its runtime is; reading the threshold changes nothing.
    let threshold = unsafe { qjs::JS_GetGCThreshold(qjs::JS_GetRuntime(ctx.as_raw().as_ptr())) };
    threshold as usize > memory_limit / 2
}
