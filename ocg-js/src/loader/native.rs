//! Modules written in Rust, by specifier.

use rquickjs::module::{Declared, ModuleDef};
use rquickjs::{Ctx, Module, Result};

use crate::isolate::HostModule;
use crate::loader::ModuleModule;
use crate::{node, web};

/// Declares a native module in a context, under the given specifier.
pub(crate) type Declare = for<'js> fn(Ctx<'js>, &str) -> Result<Module<'js, Declared>>;

/// The native module behind a specifier.
pub(crate) fn module(specifier: &str) -> Option<Declare> {
    if specifier == "ocg:host" {
        return Some(declare::<HostModule>);
    }
    let name = specifier.strip_prefix("ocg:native/")?;
    match name {
        "module" => Some(declare::<ModuleModule>),
        _ => web::native(name).or_else(|| node::native(name)),
    }
}

/// [`Module::declare_def`] as a [`Declare`].
pub(crate) fn declare<'js, D: ModuleDef>(
    ctx: Ctx<'js>,
    specifier: &str,
) -> Result<Module<'js, Declared>> {
    Module::declare_def::<D, _>(ctx, specifier)
}
