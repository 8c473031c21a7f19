//! Why a module cannot be had, in Node's error codes.

use std::path::PathBuf;

use rquickjs::{Ctx, Error};

use super::state::Loader;
use crate::isolate::throw_with_code;

/// A module that cannot be resolved, read or linked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadFailure {
    #[error("cannot find module '{specifier}' imported from {from}")]
    NotFound { specifier: String, from: String },
    #[error(
        "package subpath '{subpath}' is not exported by {} (imported from {from})",
        package.display()
    )]
    NotExported { subpath: String, package: PathBuf, from: String },
    #[error(
        "package import '{specifier}' is not defined in the package.json of the package that imports it (from {from})"
    )]
    ImportNotDefined { specifier: String, from: String },
    #[error("cannot resolve '{specifier}' imported from {from}: {reason}")]
    Unresolvable { specifier: String, from: String, reason: String },
    #[error(
        "{} is outside of the plugin's package; code is loaded from the package and its node_modules only",
        path.display()
    )]
    OutsidePackage { path: PathBuf },
    #[error("'{specifier}' is internal to OCG; plugins cannot import it (imported from {from})")]
    Internal { specifier: String, from: String },
    #[error("node:{name} is not available in OCG (imported from {from})")]
    UnknownBuiltin { name: String, from: String },
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} is no JSON: {reason}", path.display())]
    BadJson { path: PathBuf, reason: String },
    #[error("{name} cannot be compiled from TypeScript: {reason}")]
    BadTypeScript { name: String, reason: String },
    #[error("{} is not a JavaScript or JSON file", path.display())]
    UnknownKind { path: PathBuf },
    #[error(
        "cannot require() {specifier} synchronously: it imports {busy}, which is still being evaluated"
    )]
    Cycle { specifier: String, busy: String },
    #[error("require() cannot load {specifier}: it uses top-level await; use import() instead")]
    Async { specifier: String },
}

impl LoadFailure {
    /// Node's code for the same failure.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } | Self::Unresolvable { .. } => "ERR_MODULE_NOT_FOUND",
            Self::NotExported { .. } => "ERR_PACKAGE_PATH_NOT_EXPORTED",
            Self::ImportNotDefined { .. } => "ERR_PACKAGE_IMPORT_NOT_DEFINED",
            Self::OutsidePackage { .. } | Self::Internal { .. } => "ERR_ACCESS_DENIED",
            Self::UnknownBuiltin { .. } => "ERR_UNKNOWN_BUILTIN_MODULE",
            Self::Unreadable { .. } => "ERR_MODULE_NOT_FOUND",
            Self::BadTypeScript { .. } => "ERR_INVALID_TYPESCRIPT_SYNTAX",
            Self::BadJson { .. } => "ERR_INVALID_JSON",
            Self::UnknownKind { .. } => "ERR_UNKNOWN_FILE_EXTENSION",
            Self::Cycle { .. } => "ERR_REQUIRE_CYCLE_MODULE",
            Self::Async { .. } => "ERR_REQUIRE_ASYNC_MODULE",
        }
    }

    /// Throws it as a JavaScript error with that code.
    pub(crate) fn throw(&self, ctx: &Ctx<'_>) -> Error {
        throw_with_code(ctx, self.code(), &self.shown(ctx))
    }

    /// As `require` throws it: `MODULE_NOT_FOUND` has no prefix there.
    pub(crate) fn throw_from_require(&self, ctx: &Ctx<'_>) -> Error {
        let code = match self.code() {
            "ERR_MODULE_NOT_FOUND" => "MODULE_NOT_FOUND",
            code => code,
        };
        throw_with_code(ctx, code, &self.shown(ctx))
    }

    fn shown(&self, ctx: &Ctx<'_>) -> String {
        Loader::of(ctx).shown(&self.to_string())
    }
}
