//! The JavaScript engine itself.

use std::ffi::CStr;

/// Version of QuickJS-ng.
#[allow(unsafe_code)]
pub fn engine_version() -> &'static str {
    // SAFETY: takes nothing and returns a constant, NUL-terminated string of the engine.
    let version = unsafe { CStr::from_ptr(rquickjs::qjs::JS_GetVersion()) };
    version.to_str().unwrap_or("unknown")
}
