//! A release of OpenClaw: the files of its bundle and what their exports mean.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::CarveError;
use super::chunk::{Binding, Chunk, NoModule};
use super::parts::Parts;

/// More re-exports in a row than any bundle has.
const MAX_HOPS: usize = 32;

/// Where something is declared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Definition {
    /// In a file of the bundle, under its local name.
    Local { file: String, name: String },
    /// In another package, which exports it under this name; `*` is the whole module.
    Package { specifier: String, name: String },
    /// A file of the bundle as a whole.
    Module { file: String },
}

/// The unpacked `openclaw` package. Files are named as below `dist`.
pub(super) struct Release {
    dist: PathBuf,
    pub(super) version: String,
    chunks: RefCell<BTreeMap<String, Rc<Chunk>>>,
    parts: RefCell<BTreeMap<String, Rc<Parts>>>,
}

impl Release {
    pub(super) fn new(package: &Path, version: &str) -> Self {
        Self {
            dist: package.join("dist"),
            version: version.to_owned(),
            chunks: RefCell::default(),
            parts: RefCell::default(),
        }
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.dist.join(file)
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.path(file).is_file()
    }

    /// Names of the JavaScript files right in `folder`.
    pub(super) fn modules(&self, folder: &str) -> BTreeSet<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else {
            return BTreeSet::new();
        };
        entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".js") || name.ends_with(".mjs"))
            .collect()
    }

    pub(super) fn source(&self, file: &str) -> Result<String, CarveError> {
        std::fs::read_to_string(self.path(file)).map_err(|error| damaged(file, error.to_string()))
    }

    pub(super) fn chunk(&self, file: &str) -> Result<Rc<Chunk>, CarveError> {
        if let Some(chunk) = self.chunks.borrow().get(file) {
            return Ok(Rc::clone(chunk));
        }
        let chunk =
            Chunk::parse(&self.source(file)?).map_err(|NoModule(reason)| damaged(file, reason))?;
        let chunk = Rc::new(chunk);
        self.chunks.borrow_mut().insert(file.to_owned(), Rc::clone(&chunk));
        Ok(chunk)
    }

    /// The statements of `file`.
    pub(super) fn parts(&self, file: &str) -> Result<Rc<Parts>, CarveError> {
        if let Some(parts) = self.parts.borrow().get(file) {
            return Ok(Rc::clone(parts));
        }
        let parts = Parts::of(self.source(file)?);
        let parts = Rc::new(parts.map_err(|NoModule(reason)| damaged(file, reason))?);
        self.parts.borrow_mut().insert(file.to_owned(), Rc::clone(&parts));
        Ok(parts)
    }

    /// All names that `file` exports, those of `export *` included.
    pub(super) fn exports(&self, file: &str) -> Result<BTreeSet<String>, CarveError> {
        let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut queue = vec![file.to_owned()];
        while let Some(at) = queue.pop() {
            if !seen.insert(at.clone()) {
                continue;
            }
            let chunk = self.chunk(&at)?;
            let own = chunk.exports.keys().filter(|name| at == file || *name != "default");
            names.extend(own.cloned());
            queue.extend(chunk.stars.iter().filter_map(|from| resolve(&at, from)));
        }
        Ok(names)
    }

    /// The module that a name which `file` itself does not export comes from.
    fn starred(&self, file: &str, name: &str) -> Result<Option<String>, CarveError> {
        let chunk = self.chunk(file)?;
        for target in chunk.stars.iter().filter_map(|from| resolve(file, from)) {
            if self.exports(&target)?.contains(name) {
                return Ok(Some(target));
            }
        }
        Ok(None)
    }

    /// What `file` exports as `name`, wherever it is declared.
    pub(super) fn definition(&self, file: &str, name: &str) -> Result<Definition, CarveError> {
        let lost = || CarveError::Lost { file: file.to_owned(), name: name.to_owned() };
        let (mut at, mut wanted) = (file.to_owned(), name.to_owned());
        for _ in 0..MAX_HOPS {
            let chunk = self.chunk(&at)?;
            let Some(binding) = chunk.exports.get(&wanted) else {
                at = self.starred(&at, &wanted)?.ok_or_else(lost)?;
                continue;
            };
            match binding {
                Binding::Local(name) => {
                    return Ok(Definition::Local { file: at, name: name.clone() });
                }
                Binding::Namespace { from } => {
                    return Ok(match resolve(&at, from) {
                        Some(file) => Definition::Module { file },
                        None => Definition::Package { specifier: from.clone(), name: "*".into() },
                    });
                }
                Binding::Export { from, name } => match resolve(&at, from) {
                    Some(file) => (at, wanted) = (file, name.clone()),
                    None => {
                        let (specifier, name) = (from.clone(), name.clone());
                        return Ok(Definition::Package { specifier, name });
                    }
                },
            }
        }
        Err(lost())
    }
}

fn damaged(file: &str, reason: String) -> CarveError {
    CarveError::Damaged { file: Path::new("dist").join(file), reason }
}

/// The file below `dist` that `specifier` means inside `file`; `None` for a package.
pub(super) fn resolve(file: &str, specifier: &str) -> Option<String> {
    if !specifier.starts_with("./") && !specifier.starts_with("../") {
        return None;
    }
    let mut parts: Vec<String> = Vec::new();
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    for component in folder.join(specifier).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop()?),
            _ => {}
        }
    }
    Some(parts.join("/"))
}

/// The specifier by which `from` imports `to`, both below `dist`.
pub(super) fn relative(from: &str, to: &str) -> String {
    let depth = from.matches('/').count();
    if depth == 0 { format!("./{to}") } else { format!("{}{to}", "../".repeat(depth)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_are_resolved_below_dist() {
        let file = "extensions/telegram/index.js";
        assert_eq!(resolve(file, "../../a-1.mjs").as_deref(), Some("a-1.mjs"));
        assert_eq!(resolve(file, "./api.js").as_deref(), Some("extensions/telegram/api.js"));
        assert_eq!(resolve(file, "../../../a.mjs"), None);
        assert_eq!(resolve("a.mjs", "grammy"), None);
        assert_eq!(relative(file, "a-1.mjs"), "../../a-1.mjs");
        assert_eq!(relative("b.mjs", "a-1.mjs"), "./a-1.mjs");
    }
}
