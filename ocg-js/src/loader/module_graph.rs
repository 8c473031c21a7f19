//! Which modules are loaded, which import which, and which are in the middle of something.
//!
//! The engine aborts the process when a module is linked that is still being evaluated, and
//! crashes on one whose imports are not all loaded. It cannot be asked for a module's state, so
//! the loader keeps its own record and a synchronous import asks here first.

use std::collections::{HashMap, HashSet};

/// The loader's record of one isolate's modules, by canonical name.
#[derive(Default)]
pub(crate) struct ModuleGraph {
    /// Static imports, in order. A name is present once its module is declared.
    edges: HashMap<String, Vec<String>>,
    /// Modules whose body has run to its end, and modules without a body that can call back.
    done: HashSet<String>,
    /// Modules whose imports are being loaded, innermost last.
    loading: Vec<String>,
    /// Modules whose evaluation was started by Rust and has not returned, innermost last.
    roots: Vec<String>,
    /// The module that the last `import()` started: the engine does not say when it has finished.
    dynamic_root: Option<String>,
    /// Compiled modules whose imports could not be loaded: the engine keeps them half-linked, so
    /// their name must not be used again. The count makes a new one.
    broken: HashMap<String, u32>,
}

impl ModuleGraph {
    /// Loading of `name` begins; the imports resolved until [`Self::loaded`] are its own.
    pub(crate) fn begin(&mut self, name: &str) {
        self.loading.push(name.to_owned());
        self.edges.insert(name.to_owned(), Vec::new());
    }

    /// Loading of the innermost module has ended.
    pub(crate) fn loaded(&mut self, success: bool) {
        if let Some(name) = self.loading.pop()
            && !success
        {
            self.edges.remove(&name);
        }
    }

    /// `base` imports `name`. With nothing being loaded it is an `import()`.
    pub(crate) fn resolved(&mut self, base: &str, name: &str) {
        match self.loading.last() {
            Some(loading) if loading == base => {
                if let Some(edges) = self.edges.get_mut(base) {
                    edges.push(name.to_owned());
                }
            }
            Some(_) => {}
            None if self.roots.is_empty() => self.dynamic_root = Some(name.to_owned()),
            None => {}
        }
    }

    /// The body of `name` has run to its end.
    pub(crate) fn done(&mut self, name: &str) {
        self.done.insert(name.to_owned());
    }

    /// Whether `name` is declared and its body has not run to its end.
    pub(crate) fn is_open(&self, name: &str) -> bool {
        self.edges.contains_key(name) && !self.done.contains(name)
    }

    /// Rust starts to evaluate `name`.
    pub(crate) fn enter(&mut self, name: &str) {
        self.roots.push(name.to_owned());
    }

    /// The innermost evaluation has returned to Rust.
    pub(crate) fn leave(&mut self) {
        self.roots.pop();
    }

    /// The engine's copy of `name` is unusable.
    pub(crate) fn broke(&mut self, name: &str) {
        *self.broken.entry(name.to_owned()).or_default() += 1;
    }

    /// The name to use for `name`: itself, unless the engine's copy is unusable.
    pub(crate) fn usable_name(&self, name: String) -> String {
        match self.broken.get(&name) {
            Some(count) => {
                let separator = if name.contains('?') { '&' } else { '?' };
                format!("{name}{separator}ocg-retry={count}")
            }
            None => name,
        }
    }

    /// Modules that must not be linked now.
    pub(crate) fn busy(&self) -> HashSet<String> {
        let mut busy: HashSet<String> = self.loading.iter().cloned().collect();
        for root in self.roots.iter().chain(&self.dynamic_root) {
            self.descend(root, &mut busy);
        }
        busy
    }

    /// The first module among `busy` that `name` reaches.
    pub(crate) fn reaches<'a>(&'a self, name: &'a str, busy: &HashSet<String>) -> Option<&'a str> {
        let mut seen = HashSet::new();
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if busy.contains(name) {
                return Some(name);
            }
            if seen.insert(name) {
                open.extend(self.edges.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        None
    }

    /// Follows the engine's depth-first evaluation from `name` to where it is now.
    fn descend(&self, name: &str, busy: &mut HashSet<String>) {
        if self.settled(name) || !busy.insert(name.to_owned()) {
            return;
        }
        for import in self.edges.get(name).into_iter().flatten() {
            if self.settled(import) || busy.contains(import) {
                continue;
            }
            self.descend(import, busy);
            // A finished member of an unfinished cycle is behind us; anything else is where the
            // engine is now, and what follows has not begun.
            if !self.done.contains(import) {
                return;
            }
        }
    }

    /// Whether the engine has finished with `name`: it and everything it reaches is done.
    fn settled(&self, name: &str) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if !self.done.contains(name) {
                return false;
            }
            if seen.insert(name) {
                open.extend(self.edges.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> ModuleGraph {
        let mut graph = ModuleGraph::default();
        for (name, imports) in edges {
            graph.begin(name);
            for import in *imports {
                graph.resolved(name, import);
            }
            graph.loaded(true);
        }
        graph
    }

    fn busy(graph: &ModuleGraph) -> Vec<String> {
        let mut busy: Vec<_> = graph.busy().into_iter().collect();
        busy.sort();
        busy
    }

    #[test]
    fn only_the_path_to_the_running_module_is_busy() {
        let mut graph = graph(&[("d", &[]), ("c", &[]), ("b", &["c", "d"]), ("a", &["b", "d"])]);
        graph.enter("a");
        assert_eq!(busy(&graph), ["a", "b", "c"]);
        graph.done("c");
        assert_eq!(busy(&graph), ["a", "b", "d"]);
        graph.done("d");
        graph.done("b");
        assert_eq!(busy(&graph), ["a"]);
        assert_eq!(graph.reaches("b", &graph.busy()), None);
        graph.done("a");
        assert_eq!(busy(&graph), [""; 0]);
    }

    #[test]
    fn a_finished_member_of_an_unfinished_cycle_is_busy() {
        let mut graph = graph(&[("b", &["a"]), ("c", &[]), ("a", &["b", "c"])]);
        graph.enter("a");
        graph.done("b");
        assert_eq!(busy(&graph), ["a", "b", "c"]);
        assert_eq!(graph.reaches("b", &HashSet::from(["a".to_owned()])), Some("a"));
    }

    #[test]
    fn nothing_is_busy_after_the_evaluation_returned() {
        let mut graph = graph(&[("a", &[])]);
        graph.enter("a");
        graph.leave();
        assert_eq!(busy(&graph), [""; 0]);
    }
}
