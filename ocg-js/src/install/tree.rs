//! The tree of packages in one plugin's `node_modules`: each package lies as near to the top as
//! it can, and again further down where versions conflict. The same input gives the same tree.

use std::collections::{BTreeMap, VecDeque};

use node_semver::Version;

use super::choose::Chosen;
use super::packument::VersionData;
use super::spec::Dependency;

/// Index of a node; 0 is the tree's own folder, which is no package.
pub(super) type NodeId = usize;

/// The folder that holds the top `node_modules`.
pub(super) const TOP: NodeId = 0;

/// One package in one place.
pub(super) struct Node {
    /// Folder in the parent's `node_modules`.
    pub(super) name: String,
    /// Package in the registry.
    pub(super) package: String,
    pub(super) version: Version,
    pub(super) data: VersionData,
    /// Whether only optional dependencies lead here.
    pub(super) optional: bool,
    parent: Option<NodeId>,
    children: BTreeMap<String, NodeId>,
    /// Dependencies that are settled, to be kept intact by what is placed later.
    settled: Vec<Edge>,
}

impl Node {
    /// `name@version`.
    pub(super) fn id(&self) -> String {
        format!("{}@{}", self.package, self.version)
    }
}

/// A dependency of a package that lies in the tree.
#[derive(Clone)]
pub(super) struct Edge {
    /// The package that has it.
    pub(super) by: NodeId,
    pub(super) dependency: Dependency,
    /// Whether the tree is good without it.
    pub(super) optional: bool,
    /// Whether it must lie beside `by` rather than below it.
    pub(super) peer: bool,
}

/// What the tree has for a dependency.
pub(super) enum Lookup {
    Nothing,
    Fits,
    /// Something else has that name.
    Conflict(NodeId),
}

pub(super) struct Tree {
    nodes: Vec<Node>,
    /// Dependencies to settle, breadth first.
    open: VecDeque<Edge>,
    /// Peers to settle once nothing is open: they adapt to what is there.
    open_peers: VecDeque<Edge>,
}

impl Tree {
    /// A tree with nothing but `plugin`.
    pub(super) fn new(plugin: Chosen, dependency: &Dependency) -> (Self, NodeId) {
        let top = Node {
            name: String::new(),
            package: String::new(),
            version: Version::from((0u64, 0, 0)),
            data: VersionData::default(),
            optional: false,
            parent: None,
            children: BTreeMap::new(),
            settled: Vec::new(),
        };
        let mut tree =
            Self { nodes: vec![top], open: VecDeque::new(), open_peers: VecDeque::new() };
        let edge = Edge { by: TOP, dependency: dependency.clone(), optional: false, peer: false };
        let id = tree.place(edge, plugin);
        (tree, id)
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// Packages in the tree.
    pub(super) fn len(&self) -> usize {
        self.nodes.len() - 1
    }

    /// Adds a dependency to settle.
    pub(super) fn open(&mut self, edge: Edge) {
        let queue = if edge.peer { &mut self.open_peers } else { &mut self.open };
        queue.push_back(edge);
    }

    /// The next dependency to settle.
    pub(super) fn next(&mut self) -> Option<Edge> {
        self.open.pop_front().or_else(|| self.open_peers.pop_front())
    }

    /// Packages that open dependencies name.
    pub(super) fn open_packages(&self) -> impl Iterator<Item = &str> {
        self.open.iter().chain(&self.open_peers).map(|edge| edge.dependency.package.as_str())
    }

    /// What Node.js would find for this dependency.
    pub(super) fn lookup(&self, edge: &Edge) -> Lookup {
        match self.resolve(self.start(edge), &edge.dependency.name) {
            None => Lookup::Nothing,
            Some(id) if self.fits(id, &edge.dependency) => Lookup::Fits,
            Some(id) => Lookup::Conflict(id),
        }
    }

    /// Notes that `edge` is satisfied by what the tree has.
    pub(super) fn settle(&mut self, edge: Edge) {
        self.nodes[edge.by].settled.push(edge);
    }

    /// Puts `chosen` into the tree for `edge`, as near to the top as it can lie.
    pub(super) fn place(&mut self, edge: Edge, chosen: Chosen) -> NodeId {
        let name = edge.dependency.name.clone();
        let mut parent = self.start(&edge);
        let mut candidate = Some(parent);
        while let Some(at) = candidate {
            if !self.can_hold(at, &edge.dependency, &chosen.version) {
                break;
            }
            parent = at;
            candidate = self.nodes[at].parent;
        }
        let id = self.nodes.len();
        let optional = edge.optional || self.nodes[edge.by].optional;
        self.nodes.push(Node {
            name: name.clone(),
            package: edge.dependency.package.clone(),
            version: chosen.version,
            data: chosen.data,
            optional,
            parent: Some(parent),
            children: BTreeMap::new(),
            settled: Vec::new(),
        });
        self.nodes[parent].children.insert(name.clone(), id);
        self.reopen_broken(parent, &name);
        self.settle(edge);
        id
    }

    /// All packages with their paths (`node_modules/a/node_modules/b`), parents before children.
    pub(super) fn packages(&self) -> Vec<(String, &Node)> {
        let mut packages = Vec::new();
        let mut stack = vec![(String::new(), TOP)];
        while let Some((path, id)) = stack.pop() {
            for (name, &child) in self.nodes[id].children.iter().rev() {
                let path = if path.is_empty() {
                    format!("node_modules/{name}")
                } else {
                    format!("{path}/node_modules/{name}")
                };
                stack.push((path, child));
            }
            if id != TOP {
                packages.push((path, &self.nodes[id]));
            }
        }
        packages
    }

    /// Where the search for a dependency begins.
    fn start(&self, edge: &Edge) -> NodeId {
        let beside = self.nodes[edge.by].parent.unwrap_or(TOP);
        if edge.peer { beside } else { edge.by }
    }

    fn resolve(&self, from: NodeId, name: &str) -> Option<NodeId> {
        let mut at = Some(from);
        while let Some(id) = at {
            if let Some(child) = self.nodes[id].children.get(name) {
                return Some(*child);
            }
            at = self.nodes[id].parent;
        }
        None
    }

    fn fits(&self, id: NodeId, dependency: &Dependency) -> bool {
        let node = &self.nodes[id];
        node.package == dependency.package && dependency.wanted.accepts(&node.version)
    }

    /// Whether the package can lie in `at` without hiding another one from a package that needs it.
    fn can_hold(&self, at: NodeId, dependency: &Dependency, version: &Version) -> bool {
        !self.nodes[at].children.contains_key(&dependency.name)
            && self.settled_through(at, &dependency.name).all(|edge| {
                edge.dependency.package == dependency.package
                    && edge.dependency.wanted.accepts(version)
            })
    }

    /// Settled dependencies on `name` whose search passes `at`.
    fn settled_through<'a>(&'a self, at: NodeId, name: &'a str) -> impl Iterator<Item = &'a Edge> {
        let named = self.nodes.iter().flat_map(|node| &node.settled);
        let named = named.filter(move |edge| edge.dependency.name == name);
        named.filter(move |edge| {
            let mut step = Some(self.start(edge));
            while let Some(id) = step {
                if id == at {
                    return true;
                }
                if self.nodes[id].children.contains_key(name) {
                    return false;
                }
                step = self.nodes[id].parent;
            }
            false
        })
    }

    /// A package that had to be placed at its start may hide another one: what it hides is
    /// settled anew.
    fn reopen_broken(&mut self, at: NodeId, name: &str) {
        let broken: Vec<Edge> = self
            .settled_through(at, name)
            .filter(|edge| matches!(self.lookup(edge), Lookup::Conflict(_)))
            .cloned()
            .collect();
        for edge in broken {
            let by = edge.by;
            self.nodes[by].settled.retain(|e| e.dependency.name != name || e.peer != edge.peer);
            self.open(edge);
        }
    }
}
