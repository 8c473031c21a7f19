//! From a canonical name to a declared module.

use std::path::Path;

use rquickjs::module::Declared;
use rquickjs::prelude::Func;
use rquickjs::{Ctx, Module, Result, Value};

use super::failure::LoadFailure;
use super::packages::{Kind, Mode};
use super::resolve::{is_file, without_query};
use super::state::Loader;
use super::{commonjs, embedded, native, sdk_link, source};

impl Loader {
    /// Declares the module. What it imports is loaded on the way.
    pub(crate) fn load<'js>(&self, ctx: &Ctx<'js>, name: &str) -> Result<Module<'js, Declared>> {
        if let Some(declare) = native::module(name) {
            self.graph.borrow_mut().done(name);
            return declare(ctx.clone(), name);
        }
        if let Some(source) = embedded::source(name) {
            return self.esm(ctx, name, source);
        }
        if let Some(source) = sdk_link::facade(name) {
            return self.esm(ctx, name, &source);
        }
        if !is_file(name) {
            let not_found =
                LoadFailure::NotFound { specifier: name.to_owned(), from: "the host".into() };
            return Err(not_found.throw(ctx));
        }
        let path = Path::new(without_query(name));
        let kind = self.packages.kind(path).map_err(|failure| failure.throw(ctx))?;
        match kind {
            Kind::Esm => {
                let source = source::read(path).map_err(|failure| failure.throw(ctx))?;
                self.esm(ctx, name, &source)
            }
            Kind::CommonJs => {
                let exports = commonjs::load(ctx, path)?;
                let names = commonjs::export_names(&exports);
                self.synthetic(ctx, name, &names, exports)
            }
            Kind::Json => self.synthetic(ctx, name, &[], commonjs::read_json(ctx, path)?),
        }
    }

    fn esm<'js>(&self, ctx: &Ctx<'js>, name: &str, source: &str) -> Result<Module<'js, Declared>> {
        let module = self.compiled(ctx, name, source)?;
        if source.contains("import.meta") {
            self.describe(&module, name)?;
        }
        Ok(module)
    }

    /// A module whose default export is a value that exists already, with some of its properties
    /// as named exports.
    fn synthetic<'js>(
        &self,
        ctx: &Ctx<'js>,
        name: &str,
        names: &[String],
        value: Value<'js>,
    ) -> Result<Module<'js, Declared>> {
        self.graph.borrow_mut().done(name);
        let mut source = String::from("const all = import.meta.value;\nexport default all;\n");
        for (index, name) in names.iter().enumerate() {
            source.push_str(&format!(
                "const e{index} = all.{name};\nexport {{ e{index} as {name} }};\n"
            ));
        }
        let module = self.compiled(ctx, name, &source)?;
        module.meta()?.set("value", value)?;
        Ok(module)
    }

    fn describe<'js>(&self, module: &Module<'js, Declared>, name: &str) -> Result<()> {
        let meta = module.meta()?;
        if !is_file(name) {
            return meta.set("url", name);
        }
        let path = Path::new(without_query(name));
        meta.set("url", url_of(name))?;
        meta.set("filename", path.to_string_lossy().as_ref())?;
        meta.set("dirname", path.parent().unwrap_or(path).to_string_lossy().as_ref())?;
        let (loader, base) = (self.clone(), name.to_owned());
        let resolve = move |ctx: Ctx<'js>, specifier: String| {
            let resolved = loader.resolve(&base, &specifier, Mode::Import);
            resolved.map(|name| url_of(&name)).map_err(|failure| failure.throw(&ctx))
        };
        meta.set("resolve", Func::from(resolve))
    }
}

/// The URL of a module: `file:` for the plugin's files, the specifier itself for ours.
pub(crate) fn url_of(name: &str) -> String {
    let path = without_query(name);
    match url::Url::from_file_path(path) {
        Ok(url) => format!("{url}{}", &name[path.len()..]),
        Err(()) => name.to_owned(),
    }
}
