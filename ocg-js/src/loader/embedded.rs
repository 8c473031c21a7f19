//! Our own JavaScript, compiled into the binary, and its specifiers.

use include_dir::{Dir, include_dir};

static JS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/js");

/// How specifiers begin and in which folder their files are.
const NAMESPACES: [(&str, &str); 4] = [
    ("node:", "node/"),
    ("openclaw/plugin-sdk/", "sdk/"),
    ("ocg:runtime/", "runtime/"),
    ("ocg:web/", "web/"),
];

/// The source behind an embedded module's canonical specifier.
pub(crate) fn source(specifier: &str) -> Option<&'static str> {
    #[cfg(test)]
    if specifier == crate::testing::RUNNER {
        return Some(crate::testing::RUNNER_SOURCE);
    }
    let file = path(specifier)?;
    #[cfg(debug_assertions)]
    if let Some(folder) = std::env::var_os("OCG_JS_SOURCES") {
        return read_from(folder.as_ref(), file);
    }
    JS.get_file(file)?.contents_utf8()
}

/// A file as it is on disk now, so that a developer need not rebuild after each change; each
/// file is read once in the life of the process.
#[cfg(debug_assertions)]
fn read_from(folder: &std::path::Path, file: String) -> Option<&'static str> {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex, PoisonError};
    static READ: LazyLock<Mutex<HashMap<String, Option<&'static str>>>> =
        LazyLock::new(Mutex::default);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let load = |file: &String| Some(&*std::fs::read_to_string(folder.join(file)).ok()?.leak());
    *read.entry(file).or_insert_with_key(load)
}

/// The canonical specifier of a Node builtin, with or without `node:`.
pub(crate) fn builtin(specifier: &str) -> Option<String> {
    let name = specifier.strip_prefix("node:").unwrap_or(specifier);
    // These exist in Node only with the prefix: without it they are npm packages.
    if name == specifier && matches!(name, "sqlite" | "test" | "sea") {
        return None;
    }
    let specifier = format!("node:{name}");
    (!name.starts_with('.') && source(&specifier).is_some()).then_some(specifier)
}

/// Whether a Node module of this name, without `node:`, can be imported.
pub(crate) fn provides(module: &str) -> bool {
    source(&format!("node:{module}")).is_some()
}

/// Names of all builtins, as `module.builtinModules` lists them.
pub(crate) fn builtins() -> Vec<String> {
    let mut names = Vec::new();
    if let Some(folder) = JS.get_dir("node") {
        collect(folder, &mut names);
    }
    names.sort();
    names
}

fn collect(folder: &Dir<'_>, names: &mut Vec<String>) {
    for file in folder.files() {
        if file.path().starts_with("node/internal") {
            continue;
        }
        let name = file.path().strip_prefix("node").unwrap_or(file.path()).with_extension("");
        names.push(name.to_string_lossy().into_owned());
    }
    for folder in folder.dirs() {
        collect(folder, names);
    }
}

/// The specifier that `relative` means inside the embedded module `base`.
pub(crate) fn relative(base: &str, relative: &str) -> Option<String> {
    let base = path(base)?;
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    let joined = joined.strip_suffix(".js").unwrap_or(&joined);
    NAMESPACES.iter().find_map(|(prefix, folder)| {
        joined.strip_prefix(folder).map(|name| format!("{prefix}{name}"))
    })
}

fn path(specifier: &str) -> Option<String> {
    NAMESPACES.iter().find_map(|(prefix, folder)| {
        specifier.strip_prefix(prefix).map(|name| format!("{folder}{name}.js"))
    })
}
