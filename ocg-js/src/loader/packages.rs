//! Node's resolution of files and packages, confined to the plugin's own tree.

use std::path::{Path, PathBuf};

use oxc_resolver::{ModuleType, Resolution, ResolveError, ResolveOptions, Resolver};

use super::failure::LoadFailure;

/// Which of a package's conditional exports count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Import,
    Require,
}

/// How a file is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Esm,
    CommonJs,
    Json,
}

/// Two resolvers, one for `import` and one for `require`, over one cache of directories.
pub(crate) struct Packages {
    import: Resolver,
    require: Resolver,
    roots: Vec<PathBuf>,
}

impl Packages {
    /// `roots` are the directories that code may be loaded from.
    pub(crate) fn new(roots: &[PathBuf]) -> Self {
        let options = |condition: &str, fully_specified| ResolveOptions {
            condition_names: vec!["node".into(), condition.into(), "module-sync".into()],
            extensions: vec![".js".into(), ".json".into()],
            // As TypeScript is written: the name of what it would have been compiled to.
            extension_alias: vec![
                (".js".into(), vec![".js".into(), ".ts".into()]),
                (".mjs".into(), vec![".mjs".into(), ".mts".into()]),
            ],
            fully_specified,
            module_type: true,
            node_path: false,
            ..ResolveOptions::default()
        };
        let import = Resolver::new(options("import", true));
        let require = import.clone_with_options(options("require", false));
        let roots = roots
            .iter()
            .map(|root| std::fs::canonicalize(root).unwrap_or_else(|_| root.clone()))
            .collect();
        Self { import, require, roots }
    }

    /// The real path of what `specifier` means in the file `from`, with its `?query`.
    pub(crate) fn resolve(
        &self,
        specifier: &str,
        from: &Path,
        mode: Mode,
    ) -> Result<String, LoadFailure> {
        let resolver = match mode {
            Mode::Import => &self.import,
            Mode::Require => &self.require,
        };
        let folder = from.parent().unwrap_or(from);
        let resolution =
            resolver.resolve(folder, specifier).map_err(|error| failure(error, specifier, from))?;
        self.check(resolution.path())?;
        Ok(resolution.full_path().to_string_lossy().into_owned())
    }

    /// How Node runs the file: by its extension, or by the nearest `package.json`.
    pub(crate) fn kind(&self, path: &Path) -> Result<Kind, LoadFailure> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("mjs" | "ts" | "mts") => return Ok(Kind::Esm),
            Some("cjs") => return Ok(Kind::CommonJs),
            Some("json") => return Ok(Kind::Json),
            Some("js") => {}
            _ => return Err(LoadFailure::UnknownKind { path: path.to_owned() }),
        }
        let folder = path.parent().unwrap_or(path);
        let resolved = self.require.resolve(folder, &path.to_string_lossy());
        match resolved.as_ref().map(Resolution::module_type) {
            Ok(Some(ModuleType::Module)) => Ok(Kind::Esm),
            Ok(_) => Ok(Kind::CommonJs),
            Err(_) => Err(LoadFailure::NotFound {
                specifier: path.display().to_string(),
                from: "the host".into(),
            }),
        }
    }

    /// A text with the paths of the plugin's files shortened: from the package's name on, or
    /// relative to the root that they are in.
    pub(crate) fn shown(&self, text: &str) -> String {
        self.roots.iter().fold(text.to_owned(), |text, root| {
            let root = format!("{}/", root.display());
            text.replace(&format!("{root}node_modules/"), "").replace(&root, "")
        })
    }

    /// Refuses files outside of the roots.
    pub(crate) fn check(&self, path: &Path) -> Result<(), LoadFailure> {
        if self.roots.iter().any(|root| path.starts_with(root)) {
            Ok(())
        } else {
            Err(LoadFailure::OutsidePackage { path: path.to_owned() })
        }
    }
}

fn failure(error: ResolveError, specifier: &str, from: &Path) -> LoadFailure {
    let specifier = specifier.to_owned();
    let from = from.display().to_string();
    match error {
        ResolveError::NotFound(_) if specifier.starts_with('#') => {
            LoadFailure::ImportNotDefined { specifier, from }
        }
        ResolveError::NotFound(_) => LoadFailure::NotFound { specifier, from },
        ResolveError::PackagePathNotExported { subpath, package_path, .. } => {
            LoadFailure::NotExported { subpath, package: package_path, from }
        }
        ResolveError::PackageImportNotDefined(..) => {
            LoadFailure::ImportNotDefined { specifier, from }
        }
        other => LoadFailure::Unresolvable { specifier, from, reason: other.to_string() },
    }
}
