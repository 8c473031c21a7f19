//! The walk from the plugin's entry to everything it needs, and what is written.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::CarveError;
use super::bridge::{self, Source, Sources};
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
    let sources = Sources { release: &release, sdk, own: &own };

    let mut walk = Walk { sources: &sources, copied: BTreeSet::new(), asked: BTreeMap::new() };
    walk.from(manifest_entries(&release, &home)?)?;

    let Walk { copied, asked, .. } = walk;
    let (mut unmapped, mut unreachable) = (Vec::new(), Vec::new());
    for (file, asked) in &asked {
        let (names, also) = sources_of(&sources, file, asked)?;
        for (alias, source) in &names {
            if let Source::Missing { what } = source {
                let list =
                    if asked.names.contains(alias) { &mut unmapped } else { &mut unreachable };
                list.push(what.clone());
            }
        }
        write(&into.join("dist").join(file), bridge::text(&names, &also).as_bytes())?;
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
}

impl Walk<'_> {
    fn from(&mut self, entries: Vec<String>) -> Result<(), CarveError> {
        let mut queue = VecDeque::from(entries);
        while let Some(file) = queue.pop_front() {
            if !self.copied.insert(file.clone()) {
                continue;
            }
            let release = self.sources.release;
            let chunk = release.chunk(&file)?;
            for (specifier, names) in &chunk.requests {
                if let Some(target) = resolve(&file, specifier) {
                    queue.extend(self.request(target, names, false)?);
                }
            }
            for specifier in &chunk.dynamic {
                if let Some(target) = resolve(&file, specifier) {
                    queue.extend(self.request(target, &BTreeSet::new(), true)?);
                }
            }
            queue.extend(self.named_files(&file)?);
        }
        Ok(())
    }

    /// Notes that names of `target` are wanted; gives the files that must be copied for it.
    fn request(
        &mut self,
        target: String,
        names: &BTreeSet<String>,
        all: bool,
    ) -> Result<Vec<String>, CarveError> {
        if (self.sources.own)(&target)? {
            return Ok(vec![target]);
        }
        let asked = self.asked.entry(target.clone()).or_default();
        asked.names.extend(names.iter().cloned());
        asked.all |= all;
        let asked = asked.clone();
        let mut files = Vec::new();
        for alias in wanted(self.sources.release, &target, &asked)? {
            files.extend(self.sources.find(&target, &alias)?.1);
        }
        Ok(files)
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
        names.extend(release.chunk(file)?.exports.keys().cloned());
    }
    Ok(names)
}

type Bridged = (Vec<(String, Source)>, BTreeSet<String>);

fn sources_of(sources: &Sources<'_>, file: &str, asked: &Asked) -> Result<Bridged, CarveError> {
    let mut names = Vec::new();
    for alias in wanted(sources.release, file, asked)? {
        let (source, _) = sources.find(file, &alias)?;
        names.push((alias, source));
    }
    // The plugin's own chunks run in the order in which the bundle would have run them.
    let mut also = BTreeSet::new();
    for specifier in sources.release.chunk(file)?.requests.keys() {
        if let Some(target) = resolve(file, specifier)
            && (sources.own)(&target)?
            && names.iter().any(|(_, source)| {
                matches!(source, Source::Export { specifier, .. } if *specifier == relative(file, &target))
            })
        {
            also.insert(relative(file, &target));
        }
    }
    Ok((names, also))
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
