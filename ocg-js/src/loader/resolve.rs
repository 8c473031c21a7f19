//! From a specifier to a module's canonical name.

use std::path::{Path, PathBuf};

use super::failure::LoadFailure;
use super::packages::Mode;
use super::state::Loader;
use super::{embedded, sdk_link};

impl Loader {
    /// The canonical name of what `specifier` means in the module `base`: an absolute path with
    /// its `?query`, or a specifier of ours.
    pub(crate) fn resolve(
        &self,
        base: &str,
        specifier: &str,
        mode: Mode,
    ) -> Result<String, LoadFailure> {
        let name = self.canonical(base, specifier, mode)?;
        Ok(self.graph.borrow().usable_name(name))
    }

    fn canonical(&self, base: &str, specifier: &str, mode: Mode) -> Result<String, LoadFailure> {
        let from_plugin = is_file(base);
        let not_found =
            || LoadFailure::NotFound { specifier: specifier.to_owned(), from: base.to_owned() };
        if let Some(builtin) = embedded::builtin(specifier)
            && !(from_plugin && builtin.starts_with("node:internal/"))
        {
            if from_plugin && builtin == "node:async_hooks" {
                self.note_context_use(base);
            }
            return Ok(builtin);
        }
        if let Some(name) = specifier.strip_prefix("node:") {
            return Err(LoadFailure::UnknownBuiltin { name: name.into(), from: base.into() });
        }
        if specifier == sdk_link::SDK.trim_end_matches('/') || specifier.starts_with(sdk_link::SDK)
        {
            return Ok(self.sdk(base, specifier));
        }
        if specifier.starts_with("ocg:") {
            if from_plugin {
                return Err(LoadFailure::Internal {
                    specifier: specifier.to_owned(),
                    from: base.to_owned(),
                });
            }
            return Ok(specifier.to_owned());
        }
        if let Some(path) = absolute(specifier) {
            return self.file(&path).map_err(|failure| match failure {
                LoadFailure::Unreadable { .. } => not_found(),
                other => other,
            });
        }
        if from_plugin && let Some(replacement) = replacement(specifier) {
            return Ok(replacement.to_owned());
        }
        if from_plugin {
            return self.packages.resolve(specifier, Path::new(without_query(base)), mode);
        }
        if specifier.starts_with("./") || specifier.starts_with("../") {
            return embedded::relative(base, specifier).ok_or_else(not_found);
        }
        Err(not_found())
    }

    fn sdk(&self, base: &str, specifier: &str) -> String {
        let imports = self.sdk_imports.borrow();
        let import = imports
            .get(base)
            .into_iter()
            .flatten()
            .find(|import| !import.dynamic && import.specifier == specifier);
        let specifier = match specifier.strip_prefix(sdk_link::SDK) {
            Some(_) => specifier.to_owned(),
            None => format!("{}index", sdk_link::SDK),
        };
        sdk_link::link(&specifier, import).unwrap_or(specifier)
    }

    fn file(&self, path: &str) -> Result<String, LoadFailure> {
        let (path, query) = match path.find(['?', '#']) {
            Some(at) => path.split_at(at),
            None => (path, ""),
        };
        let path = PathBuf::from(path);
        let real = std::fs::canonicalize(&path)
            .map_err(|source| LoadFailure::Unreadable { path: path.clone(), source })?;
        self.packages.check(&real)?;
        Ok(format!("{}{query}", real.display()))
    }
}

/// Our own module in place of an npm package that cannot run in the engine.
fn replacement(package: &str) -> Option<&'static str> {
    match package {
        // Its HTTP parser is WebAssembly.
        "undici" | "undici/index.js" => Some("ocg:web/undici"),
        _ => None,
    }
}

/// Whether a canonical name is that of a plugin's file.
pub(crate) fn is_file(name: &str) -> bool {
    Path::new(name).is_absolute()
}

/// A canonical name without its query: the file's path.
pub(crate) fn without_query(name: &str) -> &str {
    name.split(['?', '#']).next().unwrap_or(name)
}

/// The path of an absolute specifier or `file:` URL, its query kept.
fn absolute(specifier: &str) -> Option<String> {
    if is_file(specifier) {
        return Some(specifier.to_owned());
    }
    let url = url::Url::parse(specifier).ok().filter(|url| url.scheme() == "file")?;
    let path = url.to_file_path().ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", path.display()))
}
