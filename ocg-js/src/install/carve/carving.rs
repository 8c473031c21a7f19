//! The walk from the plugin's entry to everything it needs, and what is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::CarveError;
use super::bridge::{self, Bridge, Source, Sources};
use super::chunk::Binding;
use super::portable::{self, Portable};
use super::release::{Release, relative, resolve};
use super::sdk_names::SdkNames;

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::install) struct Carved {
    /// Files with the plugin's own code.
    pub(in crate::install) copied: usize,
    /// Files of OpenClaw that a bridge stands in for.
    pub(in crate::install) bridged: usize,
    /// Names that only a later `import()` could ask for and that have no public name.
    pub(in crate::install) unreachable: Vec<String>,
}

/// Names of a chunk that are asked for.
#[derive(Debug, Default, Clone)]
struct Asked {
    /// By a static import: without them nothing starts.
    names: BTreeSet<String>,
    /// By an `import()`: all that there are.
    all: bool,
}

/// Takes the plugin `extension` of the `openclaw` package in folder `package` and writes it as a
/// package of its own into `into`.
///
/// # Errors
/// When the release has no such plugin or is built in an unknown way, or the disk refuses.
pub(in crate::install) fn carve(
    package: &Path,
    version: &str,
    extension: &str,
    into: &Path,
) -> Result<Carved, CarveError> {
    let release = Release::new(package, version);
    let home = format!("extensions/{extension}");
    if !release.has(&format!("{home}/package.json")) {
        let (release, extension) = (release.version, extension.to_owned());
        return Err(CarveError::NoExtension { release, extension });
    }
    let own_sources = format!("{home}/");
    let own = |file: &str| -> Result<bool, CarveError> {
        Ok(file.starts_with(&own_sources) || {
            let chunk = release.chunk(file)?;
            chunk.holds(&own_sources) || chunk.holds("\\0rolldown/")
        })
    };
    let sdk = SdkNames::read(&release)?;
    let portable = Portable {
        release: &release,
        sdk: &sdk,
        own: &own,
        packages: packages(&release, &home)?,
        known: RefCell::default(),
    };
    let sources = Sources { release: &release, sdk: &sdk, own: &own, portable: &portable };

    let mut walk = Walk::new(&sources);
    walk.from(manifest_entries(&release, &home)?)?;

    let Walk { copied, asked, kept, .. } = walk;
    let (mut unmapped, mut unreachable) = (Vec::new(), Vec::new());
    for (file, asked) in &asked {
        let bridge = bridge_of(&sources, file, asked, kept.get(file))?;
        for (alias, source) in &bridge.names {
            if let Source::Missing { what } = source {
                let list =
                    if asked.names.contains(alias) { &mut unmapped } else { &mut unreachable };
                list.push(what.clone());
            }
        }
        write(&into.join("dist").join(file), bridge::text(&bridge).as_bytes())?;
    }
    if !unmapped.is_empty() {
        let (release, extension) = (release.version, extension.to_owned());
        return Err(CarveError::Unmapped { release, extension, names: unmapped });
    }
    for file in &copied {
        write(&into.join("dist").join(file), release.source(file)?.as_bytes())?;
    }
    write_package(&release, &home, into)?;
    Ok(Carved { copied: copied.len(), bridged: asked.len(), unreachable })
}

struct Walk<'a> {
    sources: &'a Sources<'a>,
    copied: BTreeSet<String>,
    asked: BTreeMap<String, Asked>,
    /// Statements that bridges keep.
    kept: BTreeMap<String, BTreeSet<usize>>,
}

/// What is still to be looked into.
enum Task {
    /// A file of the plugin.
    Copy(String),
    /// Names that are wanted of a file; none for all.
    Ask(String, Option<BTreeSet<String>>),
    /// A declaration that a bridge keeps.
    Keep(String, String),
}

impl<'a> Walk<'a> {
    fn new(sources: &'a Sources<'a>) -> Self {
        let (copied, asked, kept) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        Self { sources, copied, asked, kept }
    }

    fn from(&mut self, entries: Vec<String>) -> Result<(), CarveError> {
        let mut queue: VecDeque<Task> = entries.into_iter().map(Task::Copy).collect();
        while let Some(task) = queue.pop_front() {
            queue.extend(match task {
                Task::Copy(file) => self.copy(file)?,
                Task::Ask(file, names) => self.ask(file, names)?,
                Task::Keep(file, name) => self.keep(&file, &name)?,
            });
        }
        Ok(())
    }

    fn copy(&mut self, file: String) -> Result<Vec<Task>, CarveError> {
        if !self.copied.insert(file.clone()) {
            return Ok(Vec::new());
        }
        let chunk = self.sources.release.chunk(&file)?;
        let mut tasks = Vec::new();
        for (specifier, names) in &chunk.requests {
            if let Some(target) = resolve(&file, specifier) {
                let all = chunk.stars.contains(specifier);
                tasks.push(Task::Ask(target, (!all).then(|| names.clone())));
            }
        }
        let later = chunk.dynamic.iter().filter_map(|specifier| resolve(&file, specifier));
        tasks.extend(later.map(|target| Task::Ask(target, None)));
        tasks.extend(self.named_files(&file)?.into_iter().map(Task::Copy));
        Ok(tasks)
    }

    fn ask(
        &mut self,
        file: String,
        names: Option<BTreeSet<String>>,
    ) -> Result<Vec<Task>, CarveError> {
        let Sources { release, own, .. } = *self.sources;
        if own(&file)? {
            return Ok(vec![Task::Copy(file)]);
        }
        let asked = self.asked.entry(file.clone()).or_default();
        let known = wanted(release, &file, asked)?;
        match names {
            Some(names) => asked.names.extend(names),
            None => asked.all = true,
        }
        let asked = wanted(release, &file, asked)?;
        let mut tasks = Vec::new();
        for alias in asked.difference(&known) {
            match self.sources.find(&file, alias)? {
                (Source::Kept { local }, _) => tasks.push(Task::Keep(file.clone(), local)),
                (_, Some((other, name))) => {
                    tasks.push(Task::Ask(other, Some(BTreeSet::from([name]))));
                }
                _ => {}
            }
        }
        Ok(tasks)
    }

    fn keep(&mut self, file: &str, name: &str) -> Result<Vec<Task>, CarveError> {
        let release = self.sources.release;
        let (chunk, parts) = (release.chunk(file)?, release.parts(file)?);
        let kept = self.kept.entry(file.to_owned()).or_default();
        let mut tasks = Vec::new();
        for index in parts.about(name) {
            if !kept.insert(index) {
                continue;
            }
            for used in &parts.get(index).uses {
                match chunk.imports.get(used) {
                    None => tasks.push(Task::Keep(file.to_owned(), used.clone())),
                    Some(Binding::Export { from, name }) => {
                        let names = Some(BTreeSet::from([name.clone()]));
                        tasks.extend(resolve(file, from).map(|target| Task::Ask(target, names)));
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(tasks)
    }

    /// Files of the plugin that it names in a string: entries that it loads by name, workers.
    fn named_files(&self, file: &str) -> Result<Vec<String>, CarveError> {
        let source = self.sources.release.source(file)?;
        let mut files = Vec::new();
        for (start, _) in source.match_indices("\"./") {
            let rest = &source[start + 1..];
            let literal = rest.split(['"', '\n']).next().unwrap_or_default();
            if !(literal.ends_with(".js") || literal.ends_with(".mjs")) {
                continue;
            }
            if let Some(target) = resolve(file, literal)
                && self.sources.release.has(&target)
                && (self.sources.own)(&target)?
            {
                files.push(target);
            }
        }
        Ok(files)
    }
}

fn wanted(release: &Release, file: &str, asked: &Asked) -> Result<BTreeSet<String>, CarveError> {
    let mut names = asked.names.clone();
    if asked.all {
        names.extend(release.exports(file)?);
    }
    Ok(names)
}

fn bridge_of(
    sources: &Sources<'_>,
    file: &str,
    asked: &Asked,
    kept: Option<&BTreeSet<usize>>,
) -> Result<Bridge, CarveError> {
    let mut bridge = Bridge::default();
    for alias in wanted(sources.release, file, asked)? {
        let (source, _) = sources.find(file, &alias)?;
        bridge.names.push((alias, source));
    }
    // The plugin's own chunks run in the order in which the bundle would have run them.
    let chunk = sources.release.chunk(file)?;
    for specifier in chunk.requests.keys() {
        if let Some(target) = resolve(file, specifier)
            && (sources.own)(&target)?
            && bridge.names.iter().any(|(_, source)| {
                matches!(source, Source::Export { specifier, .. } if *specifier == relative(file, &target))
            })
        {
            bridge.also.insert(relative(file, &target));
        }
    }
    if let Some(kept) = kept {
        let parts = sources.release.parts(file)?;
        let used: BTreeSet<&String> =
            kept.iter().flat_map(|index| &parts.get(*index).uses).collect();
        let imports = used.into_iter().filter_map(|name| chunk.imports.get_key_value(name));
        bridge.imports = imports.map(|(local, binding)| bridge::import(local, binding)).collect();
        bridge.kept = kept.iter().map(|index| parts.text(*index).to_owned()).collect();
    }
    Ok(bridge)
}

/// The packages that the plugin depends on, and those that portable code may use.
fn packages(release: &Release, home: &str) -> Result<BTreeSet<String>, CarveError> {
    let manifest = manifest(release, home)?;
    let named = manifest["dependencies"].as_object();
    let named = named.into_iter().flatten().map(|(name, _)| name.clone());
    Ok(named.chain(of_openclaw(release)?.into_keys()).collect())
}

/// Packages that the portable code of the `openclaw` package in folder `package` needs besides the
/// plugin's own, with their versions.
///
/// # Errors
/// When the package's manifest cannot be read.
pub(in crate::install) fn extra_dependencies(
    package: &Path,
) -> Result<BTreeMap<String, String>, CarveError> {
    of_openclaw(&Release::new(package, ""))
}

fn of_openclaw(release: &Release) -> Result<BTreeMap<String, String>, CarveError> {
    let file = "../package.json";
    if !release.has(file) {
        return Ok(BTreeMap::new());
    }
    let manifest: Value = serde_json::from_str(&release.source(file)?).map_err(|error| {
        CarveError::Damaged { file: "package.json".into(), reason: error.to_string() }
    })?;
    let version =
        |name: &str| Some((name.to_owned(), manifest["dependencies"][name].as_str()?.to_owned()));
    Ok(portable::PACKAGES.into_iter().filter_map(version).collect())
}

/// The modules that the plugin's package.json names.
fn manifest_entries(release: &Release, home: &str) -> Result<Vec<String>, CarveError> {
    let manifest = manifest(release, home)?;
    let meta = &manifest["openclaw"];
    let extensions = meta["extensions"].as_array().into_iter().flatten();
    let entries = extensions.chain(meta.get("setupEntry")).filter_map(Value::as_str);
    Ok(entries.filter_map(|entry| resolve(&format!("{home}/package.json"), entry)).collect())
}

fn manifest(release: &Release, home: &str) -> Result<Value, CarveError> {
    let file = format!("{home}/package.json");
    serde_json::from_str(&release.source(&file)?).map_err(|error| CarveError::Damaged {
        file: Path::new("dist").join(file),
        reason: error.to_string(),
    })
}

/// The package around the code: its metadata, its license, and files that are no code.
fn write_package(release: &Release, home: &str, into: &Path) -> Result<(), CarveError> {
    let mut manifest = manifest(release, home)?;
    let below = |entry: &Value| {
        let entry = entry.as_str().unwrap_or_default();
        json!(format!("./dist/{home}/{}", entry.trim_start_matches("./")))
    };
    if let Some(extensions) = manifest["openclaw"]["extensions"].as_array_mut() {
        extensions.iter_mut().for_each(|entry| *entry = below(entry));
    }
    if let Some(entry) = manifest["openclaw"].get_mut("setupEntry") {
        *entry = below(entry);
    }
    for (name, version) in of_openclaw(release)? {
        manifest["dependencies"][name] = version.into();
    }
    if let Some(manifest) = manifest.as_object_mut() {
        manifest.remove("devDependencies");
        manifest.remove("private");
    }
    write(&into.join("package.json"), format!("{manifest:#}\n").as_bytes())?;
    let copies = [
        (format!("{home}/openclaw.plugin.json"), "openclaw.plugin.json".to_owned()),
        (format!("{home}/openclaw.plugin.json"), format!("dist/{home}/openclaw.plugin.json")),
        (format!("{home}/package.json"), format!("dist/{home}/package.json")),
        ("../LICENSE".to_owned(), "LICENSE".to_owned()),
    ];
    for (from, to) in copies.iter().filter(|(from, _)| release.has(from)) {
        write(&into.join(to), &read(release, from)?)?;
    }
    copy_folder(release, &format!("{home}/assets"), into)
}

fn copy_folder(release: &Release, folder: &str, into: &Path) -> Result<(), CarveError> {
    let Ok(entries) = fs::read_dir(release.path(folder)) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let file = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            copy_folder(release, &file, into)?;
        } else {
            write(&into.join("dist").join(&file), &read(release, &file)?)?;
        }
    }
    Ok(())
}

fn read(release: &Release, file: &str) -> Result<Vec<u8>, CarveError> {
    fs::read(release.path(file)).map_err(|error| CarveError::Damaged {
        file: Path::new("dist").join(file),
        reason: error.to_string(),
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CarveError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|source| CarveError::Write { path: path.to_owned(), source })
}
