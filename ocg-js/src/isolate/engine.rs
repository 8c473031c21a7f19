//! The JavaScript engine itself.

use std::ffi::CStr;

use rquickjs::{Ctx, qjs};

/// Version of QuickJS-ng.
#[allow(unsafe_code)]
pub fn engine_version() -> &'static str {
    // SAFETY: takes nothing and returns a constant, NUL-terminated string of the engine.
    let version = unsafe { CStr::from_ptr(qjs::JS_GetVersion()) };
    version.to_str().unwrap_or("unknown")
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
