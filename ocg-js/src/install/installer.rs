//! The steps of an installation, in order.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures::{StreamExt, TryStreamExt};

use crate::check::mentioned;

use super::bundle::{self, Bundle};
use super::choose::{Chosen, MinAge};
use super::fetch::{Tarball, fetch};
use super::lock::{LockFile, LockedPackage, LockedPlugin, name_at};
use super::packument::VersionData;
use super::progress::Reporter;
use super::registry::{CONCURRENCY, Detail, Registry};
use super::resolve::{Resolved, Unpublished};
use super::spec::{Dependency, Wanted};
use super::staging::Staging;
use super::store::{Record, tree_of};
use super::unpack::{Limits, unpack_only};
use super::{
    InstallError, InstallEvent, InstallProgress, InstalledPlugin, Notice, alias, npmrc, resolve,
};

/// A server that says nothing for so long is given up.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// A server that takes so long to accept a connection is given up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Where and how to install.
#[derive(Debug)]
pub struct InstallSettings {
    /// The plugins folder; created when missing. Its `.npmrc` comes before the user's.
    pub folder: PathBuf,
    /// The HTTP client with the gateway's proxy and certificate settings.
    pub client: reqwest::ClientBuilder,
    /// Environment variables: `npm_config_registry`, `npm_config_userconfig` and whatever `.npmrc`
    /// refers to as `${NAME}`.
    pub environment: HashMap<String, String>,
    /// The user's home folder, for `~/.npmrc`.
    pub home: Option<PathBuf>,
    /// The age in days below which a version of a plugin is not chosen (`minReleaseAgeDays`).
    pub min_release_age_days: u32,
    /// How often and how fast a failed request is repeated.
    pub retry: RetryPolicy,
}

/// How often and how fast a failed request is repeated.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Tries in all, the first one included.
    pub attempts: u32,
    /// Wait before the second try; doubles each time.
    pub first_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 4, first_delay: Duration::from_millis(500) }
    }
}

/// What to install.
#[derive(Debug, Clone, Default)]
pub struct InstallRequest {
    /// `name`, `name@version`, `name@range` or `name@tag`; the name may be a short one such as
    /// `weixin`.
    pub spec: String,
    /// Take a version even if it is younger than `minReleaseAgeDays`.
    pub allow_fresh: bool,
    /// Look for newer versions even if the lock file knows the plugin (`ocg plugins update`).
    pub update: bool,
}

/// What was installed.
#[derive(Debug)]
pub struct InstallReport {
    /// The plugin, now in place.
    pub plugin: InstalledPlugin,
    /// The version that was installed before, if any.
    pub previous: Option<String>,
    /// Packages in its tree, itself included.
    pub packages: usize,
    /// Packages (`name@version`) whose install scripts were not run.
    pub skipped_scripts: Vec<String>,
    /// Everything the operator should know.
    pub notices: Vec<Notice>,
}

/// Installs plugins into one plugins folder.
#[derive(Debug)]
pub struct Installer {
    folder: PathBuf,
    registry: Registry,
    min_release_age_days: u32,
}

impl Installer {
    /// An installer with these settings; reads the `.npmrc` files.
    ///
    /// # Errors
    /// When a registry address or an `.npmrc` file is not valid.
    pub fn new(settings: InstallSettings) -> Result<Self, InstallError> {
        let home = settings.home.as_deref();
        let npmrc = npmrc::load(&settings.folder, home, &settings.environment)?;
        let client = settings
            .client
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build()
            .map_err(InstallError::Client)?;
        Ok(Self {
            folder: settings.folder,
            registry: Registry::new(client, npmrc, settings.retry),
            min_release_age_days: settings.min_release_age_days,
        })
    }

    /// Installs or replaces one plugin. A failure, or dropping the future, leaves the plugins
    /// folder as it was.
    ///
    /// # Errors
    /// See [`InstallError`].
    pub async fn install(
        &self,
        request: &InstallRequest,
        progress: &dyn InstallProgress,
    ) -> Result<InstallReport, InstallError> {
        let report = Reporter::new(progress);
        let plugin = understand(&request.spec, &report)?;
        // Blocking work outlives this future when it is dropped; so must the lock that it holds.
        let staging = Arc::new(Staging::begin(&self.folder)?);
        let mut lock = LockFile::read(&self.folder)?;

        report.event(InstallEvent::Resolving { spec: request.spec.clone() });
        let known = lock.plugins.get(&plugin.name);
        let known = known.filter(|known| !request.update && known.requested == plugin.text);
        let from_lock_file = known.is_some();
        let Resolved { mut locked, unpublished } = match known {
            Some(locked) => Resolved { locked: locked.clone(), unpublished: Vec::new() },
            None => {
                let min_age = (!request.allow_fresh)
                    .then(|| MinAge { days: self.min_release_age_days, now: SystemTime::now() });
                let chosen =
                    resolve::choose_plugin(&self.registry, &plugin, min_age, &report).await?;
                let chosen = self.look_inside(&staging, &plugin, chosen, &report).await?;
                resolve::resolve(&self.registry, &plugin, chosen, &report).await?
            }
        };
        let archives = self.download(&staging, &mut locked, from_lock_file, &report).await?;
        self.unpack(&staging, &locked, archives, &report).await?;
        let skipped_scripts = skipped_scripts(&locked, &report);

        let record = Record {
            package: plugin.name.clone(),
            version: locked.version.clone(),
            requested: plugin.text.clone(),
            installed_at: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            change: staging.id().to_owned(),
        };
        record.write(&staging.tree())?;
        let built = InstalledPlugin::read(&staging.tree())?;
        do_without(unpublished, &built, &report)?;
        if let Some(range) = &built.manifest.min_host_version {
            resolve::check_host(&format!("{}@{}", built.package, built.version), range, &report)?;
        }

        let place = tree_of(&self.folder, &plugin.name);
        let previous = Record::read(&place).ok().map(|record| record.version);
        let packages = locked.packages.len();
        lock.plugins.insert(plugin.name.clone(), locked);
        staging.commit(&plugin.name, &lock)?;
        let plugin = InstalledPlugin::read(&place)?;
        report.event(InstallEvent::Done {
            package: plugin.package.clone(),
            version: plugin.version.clone(),
        });
        let notices = report.into_notices();
        Ok(InstallReport { plugin, previous, packages, skipped_scripts, notices })
    }

    /// For a plugin that is a part of another package: fetches that package, to see what the plugin
    /// needs.
    async fn look_inside(
        &self,
        staging: &Arc<Staging>,
        plugin: &Dependency,
        mut chosen: Chosen,
        report: &Reporter<'_>,
    ) -> Result<Chosen, InstallError> {
        let Some(extension) = bundle::extension(&plugin.package, &plugin.name) else {
            return Ok(chosen);
        };
        let (extension, version) = (extension.to_owned(), chosen.version.to_string());
        let id = format!("{}@{version}", plugin.package);
        let no_integrity = || InstallError::NoIntegrity { package: id.clone() };
        let tarball = Tarball {
            package: plugin.package.clone(),
            id: id.clone(),
            url: self.registry.tarball_address(&plugin.package, &chosen.data.dist.tarball)?,
            integrity: chosen.data.dist.integrity().ok_or_else(no_integrity)?,
            locked: false,
        };
        report.event(InstallEvent::Downloading { tarballs: 1 });
        fetch(&self.registry, &tarball, staging.bundle_tarball(), report).await?;
        let held = Arc::clone(staging);
        let needs = blocking(move || {
            let bundle = Bundle::open(&held.bundle_tarball(), held.bundle(), &id)?;
            bundle.dependencies(&extension, &version)
        });
        let dist = std::mem::take(&mut chosen.data.dist);
        chosen.data = VersionData::default();
        (chosen.data.dist, chosen.data.dependencies) = (dist, needs.await?);
        Ok(chosen)
    }

    /// Fetches every tarball once and says where each package's is. Optional packages that cannot
    /// be had are taken out of `locked`.
    async fn download(
        &self,
        staging: &Staging,
        locked: &mut LockedPlugin,
        from_lock_file: bool,
        report: &Reporter<'_>,
    ) -> Result<HashMap<String, PathBuf>, InstallError> {
        let mut wanted: BTreeMap<String, (String, LockedPackage)> = BTreeMap::new();
        for (path, package) in &locked.packages {
            let (id, name) = identify(path, package);
            let both = wanted.entry(id).or_insert_with(|| (name, package.clone()));
            both.1.optional &= package.optional;
        }
        report.event(InstallEvent::Downloading { tarballs: wanted.len() });
        let fetched: Vec<(String, Option<PathBuf>)> = futures::stream::iter(wanted)
            .enumerate()
            .map(|(n, (id, (name, package)))| async move {
                let is_bundle = name == resolve::HOST_PACKAGE;
                let file = if is_bundle { staging.bundle_tarball() } else { staging.tarball(n) };
                if is_bundle && file.exists() {
                    return Ok((id, Some(file)));
                }
                let tarball = self.locate(&id, name, &package, from_lock_file).await;
                let result = match tarball {
                    Ok(tarball) => fetch(&self.registry, &tarball, file.clone(), report).await,
                    Err(error) => Err(error),
                };
                match result {
                    Ok(()) => Ok((id, Some(file))),
                    Err(error) if package.optional && error.is_unavailable() => {
                        let reason = error.to_string();
                        report.notice(Notice::SkippedOptional { package: id.clone(), reason });
                        Ok((id, None))
                    }
                    Err(error) => Err(error),
                }
            })
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await?;
        let mut files = HashMap::new();
        for (id, file) in fetched {
            match file {
                Some(file) => drop(files.insert(id, file)),
                None => drop_package(locked, &id),
            }
        }
        Ok(files)
    }

    async fn locate(
        &self,
        id: &str,
        package: String,
        locked: &LockedPackage,
        from_lock_file: bool,
    ) -> Result<Tarball, InstallError> {
        let url = match &locked.resolved {
            Some(path) => self.registry.absolute(&package, path).ok_or_else(|| {
                let path = LockFile::path(&self.folder);
                let reason = format!("the tarball of {id} is on another server");
                let remedy = "restore it, or delete it to resolve all versions anew";
                InstallError::Damaged { path, reason, remedy }
            })?,
            None => {
                let exact = Dependency::parse(&package, &locked.version)
                    .filter(|dependency| matches!(dependency.wanted, Wanted::Exact(_)));
                let exact = exact.ok_or_else(|| InstallError::BadSpec {
                    spec: id.to_owned(),
                    reason: "its version is not valid".to_owned(),
                })?;
                let packument = self.registry.packument(&package, Detail::Abbreviated).await?;
                let chosen = super::choose::choose(&packument, &exact, None)?;
                self.registry.tarball_address(&package, &chosen.data.dist.tarball)?
            }
        };
        let integrity = locked
            .integrity
            .parse()
            .map_err(|_| InstallError::NoIntegrity { package: id.to_owned() })?;
        Ok(Tarball { package, id: id.to_owned(), url, integrity, locked: from_lock_file })
    }

    /// Unpacks all packages into the new tree, parents before children.
    async fn unpack(
        &self,
        staging: &Arc<Staging>,
        locked: &LockedPlugin,
        archives: HashMap<String, PathBuf>,
        report: &Reporter<'_>,
    ) -> Result<(), InstallError> {
        report.event(InstallEvent::Unpacking { packages: locked.packages.len() });
        let mut packages: Vec<(&String, &LockedPackage)> = locked.packages.iter().collect();
        packages.sort_by_key(|(path, _)| path.matches("/node_modules/").count());
        for (path, package) in packages {
            let (id, name) = identify(path, package);
            let archive = archives[&id].clone();
            let (staging, into) = (Arc::clone(staging), staging.tree().join(path));
            let extension = bundle::extension(&name, name_at(path).unwrap_or(path));
            let extension = extension.map(|one| (one.to_owned(), package.version.clone()));
            let task_id = id.clone();
            let links = blocking(move || match extension {
                Some((extension, version)) => {
                    let bundle = Bundle::open(&archive, staging.bundle(), &task_id)?;
                    bundle.carve(&extension, &version, &into)?;
                    Ok(Vec::new())
                }
                None => {
                    // The lock that it holds must outlast this task.
                    let _held = staging;
                    unpack_one(&archive, &into, &task_id)
                }
            });
            let links = links.await?;
            for path in links {
                report.notice(Notice::SkippedLink { package: id.clone(), path });
            }
            report.event(InstallEvent::Unpacked { package: id });
        }
        Ok(())
    }
}

/// Leaves out dependencies that the registry does not have.
///
/// # Errors
/// The plugin imports one of them.
fn do_without(
    unpublished: Vec<Unpublished>,
    plugin: &InstalledPlugin,
    report: &Reporter<'_>,
) -> Result<(), InstallError> {
    if unpublished.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = unpublished.iter().map(|one| one.name.clone()).collect();
    let needed = mentioned(&plugin.root, &plugin.manifest, names.iter().map(String::as_str));
    for Unpublished { name, error } in unpublished {
        if needed.contains(name.as_str()) {
            return Err(error);
        }
        let reason = match error {
            InstallError::Dependency { source, .. } => source.to_string(),
            error => error.to_string(),
        };
        report.notice(Notice::Unpublished { package: name, reason });
    }
    Ok(())
}

/// Does `work` on a thread that may wait for the disk.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, InstallError> + Send + 'static,
) -> Result<T, InstallError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

fn unpack_one(archive: &Path, into: &Path, id: &str) -> Result<Vec<String>, InstallError> {
    // The parent's tarball may hold an older copy that it does not announce as bundled.
    if into.exists() {
        std::fs::remove_dir_all(into).map_err(|e| InstallError::disk("replace", into, e))?;
    }
    unpack_only(archive, into, id, Limits::default(), &runs)
}

/// Whether a file can matter to running code: declarations of types and source maps cannot, and
/// they are half of many a package.
fn runs(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return true };
    ![".d.ts", ".d.mts", ".d.cts", ".map"].iter().any(|end| name.ends_with(end))
}

/// What the person at the terminal means by `spec`.
fn understand(spec: &str, report: &Reporter<'_>) -> Result<Dependency, InstallError> {
    let mut plugin = Dependency::from_terminal(spec)?;
    if plugin.package == resolve::HOST_PACKAGE {
        return Err(InstallError::HostItself);
    }
    if let Some(meaning) = alias::meaning(&plugin.package) {
        report.notice(Notice::Renamed {
            asked: plugin.package,
            package: meaning.package.to_owned(),
            reason: meaning.reason.map(str::to_owned),
        });
        plugin.package = meaning.package.to_owned();
        plugin.name = meaning.package.to_owned();
    }
    bundle::redirect(&mut plugin);
    Ok(plugin)
}

/// `name@version` and the name in the registry.
fn identify(path: &str, package: &LockedPackage) -> (String, String) {
    let name = package.name.as_deref().or_else(|| name_at(path)).unwrap_or(path).to_owned();
    (format!("{name}@{}", package.version), name)
}

/// Takes a package and everything below it out of the tree.
fn drop_package(locked: &mut LockedPlugin, id: &str) {
    let gone: Vec<String> = locked
        .packages
        .iter()
        .filter(|(path, package)| identify(path, package).0 == id)
        .map(|(path, _)| path.clone())
        .collect();
    locked.packages.retain(|path, _| {
        !gone.iter().any(|gone| {
            path.strip_prefix(gone.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('/'))
        })
    });
}

fn skipped_scripts(locked: &LockedPlugin, report: &Reporter<'_>) -> Vec<String> {
    let with_scripts = locked.packages.iter().filter(|(_, package)| package.has_install_script);
    let mut ids: Vec<String> =
        with_scripts.map(|(path, package)| identify(path, package).0).collect();
    ids.sort();
    ids.dedup();
    for id in &ids {
        report.notice(Notice::SkippedScripts { package: id.clone() });
    }
    ids
}
