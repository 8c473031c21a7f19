//! From what was asked for to the complete list of packages.

use std::collections::HashMap;

use futures::StreamExt;
use node_semver::{Range, Version};

use super::choose::{Chosen, MinAge, choose};
use super::lock::{LockedPackage, LockedPlugin};
use super::packument::Packument;
use super::platform::Machine;
use super::progress::Reporter;
use super::registry::{CONCURRENCY, Detail, Registry};
use super::spec::Dependency;
use super::tree::{Edge, Lookup, NodeId, Tree};
use super::{HOST_VERSION, InstallError, InstallEvent, Notice};

/// More packages than any plugin needs. A tree without links never ends when versions need each
/// other in a circle (a 1 needs a 2, which needs a 1); npm would link there.
const MAX_PACKAGES: usize = 2_000;

/// The package whose SDK the host itself provides; it is never installed.
pub(super) const HOST_PACKAGE: &str = "openclaw";

/// All packages that a plugin needs.
pub(super) struct Resolved {
    pub(super) locked: LockedPlugin,
    /// Dependencies of the plugin itself that the registry does not have. Packages are published
    /// with their author's workspace still among their dependencies, though all is bundled.
    pub(super) unpublished: Vec<Unpublished>,
}

/// A dependency that the registry does not have.
pub(super) struct Unpublished {
    /// The name it is imported by.
    pub(super) name: String,
    /// What was asked for, and what the registry said.
    pub(super) error: InstallError,
}

/// Chooses a version of every package that `plugin`, of which `chosen` was taken, needs.
///
/// # Errors
/// When the registry fails, no version fits, or the plugin needs another host.
pub(super) async fn resolve(
    registry: &Registry,
    plugin: &Dependency,
    chosen: Chosen,
    report: &Reporter<'_>,
) -> Result<Resolved, InstallError> {
    let machine = Machine::current();
    let plugin_id = format!("{}@{}", plugin.package, chosen.version);
    if let Some(range) = chosen.data.peer_dependencies.get(HOST_PACKAGE) {
        check_host(&plugin_id, range, report)?;
    }
    check_machine(&machine, &plugin_id, &chosen)?;
    let version = chosen.version.to_string();
    let (mut tree, root) = Tree::new(chosen, plugin);
    announce(&tree, root, report);
    open_dependencies(&mut tree, root, report)?;

    let (mut packuments, mut unpublished) = (HashMap::new(), Vec::new());
    while let Some(edge) = tree.next() {
        match tree.lookup(&edge) {
            Lookup::Fits => {
                tree.settle(edge);
                continue;
            }
            // A second copy would not be the one that its users see.
            Lookup::Conflict(other) if edge.peer => {
                report.notice(Notice::PeerConflict {
                    package: tree.node(edge.by).id(),
                    wants: format!("{}@{}", edge.dependency.name, edge.dependency.text),
                    found: tree.node(other).version.to_string(),
                });
                continue;
            }
            Lookup::Conflict(_) | Lookup::Nothing => {}
        }
        fetch_missing(registry, &tree, &edge, &mut packuments).await;
        match choose_dependency(&mut packuments, &edge.dependency, &machine) {
            Ok(chosen) => {
                let id = place(&mut tree, edge, chosen);
                if let Some(id) = id {
                    announce(&tree, id, report);
                    open_dependencies(&mut tree, id, report)?;
                }
            }
            Err(error) => match skip_or_fail(&tree, &edge, error, report) {
                Err(error) if edge.by == root && error.is_unpublished() => {
                    unpublished.push(Unpublished { name: edge.dependency.name.clone(), error });
                }
                result => result?,
            },
        }
        if tree.len() > MAX_PACKAGES {
            return Err(InstallError::TooManyPackages { package: plugin_id, limit: MAX_PACKAGES });
        }
    }
    Ok(Resolved { locked: lock(registry, &tree, plugin, version)?, unpublished })
}

/// Chooses a version of the plugin itself.
///
/// # Errors
/// When the registry fails or no version will do.
pub(super) async fn choose_plugin(
    registry: &Registry,
    plugin: &Dependency,
    min_age: Option<MinAge>,
    report: &Reporter<'_>,
) -> Result<Chosen, InstallError> {
    // Only the full document has publication times.
    let packument = registry.packument(&plugin.package, Detail::Full).await?;
    let chosen = choose(&packument, plugin, min_age)?;
    if let (Some(passed_over), Some(min_age)) = (&chosen.passed_over, min_age) {
        report.notice(Notice::TooFresh {
            package: plugin.package.clone(),
            passed_over: passed_over.to_string(),
            chosen: chosen.version.to_string(),
            days: min_age.days,
        });
    }
    if chosen.age_unknown {
        let package = format!("{}@{}", plugin.package, chosen.version);
        report.notice(Notice::AgeUnknown { package });
    }
    Ok(chosen)
}

/// Checks a range of OpenClaw versions against the one the host stands for. One that is too old
/// for the plugin is an error; a plugin made for an older one works, because the host's SDK is a
/// superset of all generations.
pub(super) fn check_host(
    plugin: &str,
    range: &str,
    report: &Reporter<'_>,
) -> Result<(), InstallError> {
    let Ok(wanted) = Range::parse(range) else { return Ok(()) };
    let host =
        Version::parse(HOST_VERSION).expect("the host's version is a constant that is valid");
    if wanted.satisfies(&host) {
        return Ok(());
    }
    if wanted.min_version().is_some_and(|min| min > host) {
        return Err(InstallError::HostTooOld { package: plugin.into(), wants: range.into() });
    }
    report.notice(Notice::OlderHost { package: plugin.into(), wants: range.into() });
    Ok(())
}

fn check_machine(machine: &Machine, package: &str, chosen: &Chosen) -> Result<(), InstallError> {
    machine.check(&chosen.data).map_err(|wants| InstallError::UnsupportedPlatform {
        package: package.to_owned(),
        wants,
        machine: machine.name(),
    })
}

/// Puts `chosen` into the tree, unless the tree has that very version in reach (a tag says which
/// only now).
fn place(tree: &mut Tree, mut edge: Edge, chosen: Chosen) -> Option<NodeId> {
    edge.dependency.wanted = match edge.dependency.wanted {
        super::spec::Wanted::Tag(_) => super::spec::Wanted::Exact(chosen.version.clone()),
        other => other,
    };
    if matches!(tree.lookup(&edge), Lookup::Fits) {
        tree.settle(edge);
        return None;
    }
    Some(tree.place(edge, chosen))
}

/// Fetches the documents of all packages that are open, if the one for `edge` is missing.
async fn fetch_missing(
    registry: &Registry,
    tree: &Tree,
    edge: &Edge,
    packuments: &mut HashMap<String, Result<Packument, InstallError>>,
) {
    if packuments.contains_key(&edge.dependency.package) {
        return;
    }
    let mut names: Vec<String> = std::iter::once(edge.dependency.package.as_str())
        .chain(tree.open_packages())
        .filter(|name| !packuments.contains_key(*name))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    let fetched = futures::stream::iter(names)
        .map(|name| async move {
            let packument = registry.packument(&name, Detail::Abbreviated).await;
            (name, packument)
        })
        .buffer_unordered(CONCURRENCY)
        .collect::<Vec<_>>()
        .await;
    packuments.extend(fetched);
}

fn choose_dependency(
    packuments: &mut HashMap<String, Result<Packument, InstallError>>,
    dependency: &Dependency,
    machine: &Machine,
) -> Result<Chosen, InstallError> {
    let packument = match packuments.get(&dependency.package) {
        Some(Ok(packument)) => packument,
        _ => match packuments.remove(&dependency.package) {
            Some(Err(error)) => return Err(error),
            _ => unreachable!("the document was fetched just before"),
        },
    };
    let chosen = choose(packument, dependency, None)?;
    let id = format!("{}@{}", dependency.package, chosen.version);
    check_machine(machine, &id, &chosen)?;
    Ok(chosen)
}

/// An optional package that cannot be had is left out; so is what only such a package needs.
fn skip_or_fail(
    tree: &Tree,
    edge: &Edge,
    error: InstallError,
    report: &Reporter<'_>,
) -> Result<(), InstallError> {
    if (edge.optional || tree.node(edge.by).optional) && error.is_unavailable() {
        if matches!(error, InstallError::UnsupportedPlatform { .. }) {
            // Packages list one optional dependency per platform: nothing is amiss.
            tracing::debug!(%error, "an optional dependency is left out");
            return Ok(());
        }
        let package = edge.dependency.name.clone();
        report.notice(Notice::SkippedOptional { package, reason: error.to_string() });
        return Ok(());
    }
    let required_by = tree.node(edge.by).id();
    Err(InstallError::Dependency { required_by, source: Box::new(error) })
}

/// Opens everything that a package just placed depends on, in the order of the names.
fn open_dependencies(
    tree: &mut Tree,
    by: NodeId,
    report: &Reporter<'_>,
) -> Result<(), InstallError> {
    let mut edges = Vec::new();
    let mut foreign = Vec::new();
    let node = tree.node(by);
    let data = &node.data;
    let optional = |name: &str| data.optional_dependencies.contains_key(name);
    let mut add = |name: &str, text: &str, is_optional: bool, peer: bool| {
        if name == HOST_PACKAGE || data.bundles(name) {
            return;
        }
        match Dependency::parse(name, text) {
            Some(dependency) => edges.push(Edge { by, dependency, optional: is_optional, peer }),
            None => foreign.push((name.to_owned(), text.to_owned(), is_optional)),
        }
    };
    let mut regular: Vec<(&String, &String)> =
        data.dependencies.iter().filter(|(name, _)| !optional(name)).collect();
    regular.extend(&data.optional_dependencies);
    regular.sort();
    for (name, text) in regular {
        add(name, text, optional(name), false);
    }
    for (name, text) in &data.peer_dependencies {
        let also_regular = data.dependencies.contains_key(name) || optional(name);
        if !also_regular && !data.peer_is_optional(name) {
            add(name, text, false, true);
        }
    }
    for (dependency, spec, is_optional) in foreign {
        let package = node.id();
        let error =
            InstallError::UnsupportedSource { package, dependency: dependency.clone(), spec };
        if !is_optional && !node.optional {
            return Err(error);
        }
        report.notice(Notice::SkippedOptional { package: dependency, reason: error.to_string() });
    }
    edges.into_iter().for_each(|edge| tree.open(edge));
    Ok(())
}

fn announce(tree: &Tree, id: NodeId, report: &Reporter<'_>) {
    let node = tree.node(id);
    if let Some(reason) = node.data.deprecated() {
        report.notice(Notice::Deprecated { package: node.id(), reason: reason.to_owned() });
    }
    report.event(InstallEvent::Found { packages: tree.len() });
}

fn lock(
    registry: &Registry,
    tree: &Tree,
    plugin: &Dependency,
    version: String,
) -> Result<LockedPlugin, InstallError> {
    let mut packages = std::collections::BTreeMap::new();
    for (path, node) in tree.packages() {
        let integrity = node
            .data
            .dist
            .integrity()
            .ok_or_else(|| InstallError::NoIntegrity { package: node.id() })?;
        let tarball = registry.tarball_address(&node.package, &node.data.dist.tarball)?;
        packages.insert(
            path,
            LockedPackage {
                name: (node.package != node.name).then(|| node.package.clone()),
                version: node.version.to_string(),
                resolved: registry.relative(&node.package, &tarball),
                integrity: integrity.to_string(),
                optional: node.optional,
                has_install_script: node.data.has_scripts(),
            },
        );
    }
    Ok(LockedPlugin { requested: plugin.text.clone(), version, packages })
}
