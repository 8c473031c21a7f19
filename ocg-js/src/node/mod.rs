//! Rust halves of the Node modules, one file each. JavaScript reaches them as
//! `ocg:native/<name>`.

mod arguments;
mod buffer;
mod crypto;
mod dns;
mod fs;
mod http1;
mod inspect;
mod net;
pub(crate) mod os;
mod sqlite;
#[cfg(test)]
mod tests;
mod text;
mod throw;
mod url;
mod workers;
mod zlib;

use std::sync::Arc;

use rquickjs::module::{Declared, ModuleDef};
use rquickjs::{Ctx, Module, Result};

use crate::permit::Permits;

/// Declares a native module in a context, under the given specifier.
pub(crate) type Declare = for<'js> fn(Ctx<'js>, &str) -> Result<Module<'js, Declared>>;

/// The module behind `ocg:native/<name>`, if it is one of Node's.
pub(crate) fn native(name: &str) -> Option<Declare> {
    Some(match name {
        "buffer" => declare::<buffer::BufferModule>,
        "crypto" => declare::<crypto::CryptoModule>,
        "dns" => declare::<dns::DnsModule>,
        "fs" => declare::<fs::FsModule>,
        "inspect" => declare::<inspect::InspectModule>,
        "http1" => declare::<http1::Http1Module>,
        "net" => declare::<net::NetModule>,
        "os" => declare::<os::OsModule>,
        "sqlite" => declare::<sqlite::SqliteModule>,
        "text" => declare::<text::TextModule>,
        "url" => declare::<url::UrlModule>,
        "workers" => declare::<workers::WorkersModule>,
        "zlib" => declare::<zlib::ZlibModule>,
        _ => return None,
    })
}

fn declare<'js, D: ModuleDef>(ctx: Ctx<'js>, specifier: &str) -> Result<Module<'js, Declared>> {
    Module::declare_def::<D, _>(ctx, specifier)
}

/// What the isolate stored for its plugin; no permits, no access.
fn permits(ctx: &Ctx<'_>) -> Result<Arc<Permits>> {
    match ctx.userdata::<Permits>() {
        Some(permits) => Ok(Arc::new(Permits::clone(&permits))),
        None => Err(rquickjs::Exception::throw_internal(ctx, "the isolate has no permits")),
    }
}

/// Defines a [`ModuleDef`] whose exports are the given values.
macro_rules! native_module {
    ($module:ident($ctx:ident) { $($name:ident => $value:expr),+ $(,)? }) => {
        pub(crate) struct $module;

        impl rquickjs::module::ModuleDef for $module {
            fn declare<'js>(declarations: &rquickjs::module::Declarations<'js>) -> rquickjs::Result<()> {
                $(declarations.declare(stringify!($name))?;)+
                Ok(())
            }

            fn evaluate<'js>(
                $ctx: &rquickjs::Ctx<'js>,
                exports: &rquickjs::module::Exports<'js>,
            ) -> rquickjs::Result<()> {
                $(exports.export(stringify!($name), $value)?;)+
                Ok(())
            }
        }
    };
}
pub(crate) use arguments::Text;
pub(crate) use native_module;
