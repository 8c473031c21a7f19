//! JavaScript functions that Rust calls by name.

use std::cell::RefCell;
use std::collections::HashMap;

use rquickjs::{Ctx, Function, JsLifetime};

/// Functions that JavaScript handed to Rust: those exposed through `ocg:host`, and under names
/// that start with `ocg:` the hooks of our own modules.
#[derive(Default, JsLifetime)]
pub struct Callbacks<'js> {
    functions: RefCell<HashMap<String, Function<'js>>>,
}

impl<'js> Callbacks<'js> {
    /// Keeps `function` under `name`, in place of an earlier one.
    pub fn set(ctx: &Ctx<'js>, name: impl Into<String>, function: Function<'js>) {
        if let Some(callbacks) = ctx.userdata::<Self>() {
            callbacks.functions.borrow_mut().insert(name.into(), function);
        }
    }

    /// The function kept under `name`.
    pub fn get(ctx: &Ctx<'js>, name: &str) -> Option<Function<'js>> {
        let callbacks = ctx.userdata::<Self>()?;
        callbacks.functions.borrow().get(name).cloned()
    }
}
