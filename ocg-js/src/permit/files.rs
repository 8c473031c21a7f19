use std::collections::VecDeque;
use std::path::{Component, Path, PathBuf};

use ocg_core::config::Grant;

use super::Denied;

/// As Linux: more links than this in one path are a loop.
const MAX_LINKS: usize = 40;
/// Devices that are safe and that programs expect.
const OPEN_DEVICES: [&str; 4] = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

/// The directories that belong to a plugin.
#[derive(Debug, Clone)]
pub struct FileRoots {
    /// Code that may be read: the plugin's package and the packages that it depends on.
    pub packages: Vec<PathBuf>,
    /// The plugin's own state, read and written.
    pub state: PathBuf,
    /// The plugin's own temporary directory, read and written; `os.tmpdir()` names it.
    pub temp: PathBuf,
}

/// Which files a plugin may read and write: its own directories and what is granted.
///
/// Links are followed before the decision, so a link inside an own directory that leads out of
/// it is refused. The answer is the real path; callers use that path and no other, which leaves
/// only the race of somebody replacing a directory between the check and the use.
#[derive(Debug, Clone)]
pub struct FilePermit {
    plugin: String,
    cwd: PathBuf,
    temp: PathBuf,
    read: Vec<PathBuf>,
    write: Vec<PathBuf>,
}

enum Access {
    Read,
    Write,
}

impl FilePermit {
    /// Relative paths are taken from `roots.state`. A `false` in `read` or `write` takes the
    /// plugin's own directories away as well.
    pub fn new(plugin: impl Into<String>, roots: &FileRoots, read: &Grant, write: &Grant) -> Self {
        let own = [roots.state.clone(), roots.temp.clone()];
        let cwd = absolute(Path::new("/"), &roots.state);
        let real = |allowance: &Grant, default: &[PathBuf]| {
            let default = if *allowance == Grant::Nothing { &[] } else { default };
            let granted = allowance.entries().iter().map(PathBuf::from);
            default
                .iter()
                .cloned()
                .chain(granted)
                // A root that cannot be resolved (a loop of links) holds nothing.
                .filter_map(|root| resolve(&absolute(&cwd, &root), true))
                .collect::<Vec<_>>()
        };
        let write = real(write, &own);
        let mut readable = real(read, &[roots.packages.as_slice(), &own].concat());
        if *read != Grant::Nothing {
            readable.extend(write.iter().cloned());
        }
        let temp = roots.temp.clone();
        Self { plugin: plugin.into(), read: readable, write, temp, cwd }
    }

    /// The plugin's own temporary directory.
    pub fn temp_dir(&self) -> &Path {
        &self.temp
    }

    /// The real path, when the plugin may read what it leads to.
    ///
    /// # Errors
    /// [`Denied`] when it may not.
    pub fn check_read(&self, path: &Path) -> Result<PathBuf, Denied> {
        self.check(path, Access::Read, true)
    }

    /// The real path, when the plugin may create, change or remove what it leads to.
    ///
    /// # Errors
    /// [`Denied`] when it may not.
    pub fn check_write(&self, path: &Path) -> Result<PathBuf, Denied> {
        self.check(path, Access::Write, true)
    }

    /// Like [`Self::check_read`], about the directory entry itself: a link at the end of the
    /// path is not followed (`lstat`, `readlink`).
    ///
    /// # Errors
    /// [`Denied`] when it may not.
    pub fn check_read_entry(&self, path: &Path) -> Result<PathBuf, Denied> {
        self.check(path, Access::Read, false)
    }

    /// Like [`Self::check_write`], about the directory entry itself (`unlink`, `rename`,
    /// `symlink`).
    ///
    /// # Errors
    /// [`Denied`] when it may not.
    pub fn check_write_entry(&self, path: &Path) -> Result<PathBuf, Denied> {
        self.check(path, Access::Write, false)
    }

    fn check(&self, path: &Path, access: Access, follow: bool) -> Result<PathBuf, Denied> {
        let asked = absolute(&self.cwd, path);
        let plugin = || self.plugin.clone();
        let refused = match access {
            Access::Read => Denied::Read { plugin: plugin(), path: lexical(&asked) },
            Access::Write => Denied::Write { plugin: plugin(), path: lexical(&asked) },
        };
        let Some(real) = resolve(&asked, follow) else { return Err(refused) };
        if belongs_to_system(&real) {
            return Err(Denied::SystemPath { plugin: plugin(), path: lexical(&asked) });
        }
        let roots = match access {
            Access::Read => &self.read,
            Access::Write => &self.write,
        };
        let device = OPEN_DEVICES.iter().any(|device| real == Path::new(device));
        if device || roots.iter().any(|root| real.starts_with(root)) {
            return Ok(real);
        }
        Err(refused)
    }
}

fn belongs_to_system(real: &Path) -> bool {
    let device = OPEN_DEVICES.iter().any(|device| real == Path::new(device));
    !device && ["/proc", "/sys", "/dev"].iter().any(|tree| real.starts_with(tree))
}

fn absolute(cwd: &Path, path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_owned() } else { cwd.join(path) }
}

/// `..` taken away by name, for messages only.
fn lexical(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

/// Follows every link of `path` as far as it exists; what does not exist yet is kept by name.
/// `None` when there is a loop of links.
fn resolve(path: &Path, follow_last: bool) -> Option<PathBuf> {
    let mut ahead: VecDeque<PathBuf> =
        path.components().map(|part| PathBuf::from(part.as_os_str())).collect();
    let mut real = PathBuf::new();
    let mut links = 0;
    while let Some(part) = ahead.pop_front() {
        match part.components().next() {
            Some(Component::ParentDir) => {
                real.pop();
                continue;
            }
            Some(Component::CurDir) | None => continue,
            Some(Component::RootDir | Component::Prefix(_)) => {
                real.push(&part);
                continue;
            }
            Some(Component::Normal(_)) => {}
        }
        real.push(&part);
        if ahead.is_empty() && !follow_last {
            break;
        }
        let Ok(target) = std::fs::read_link(&real) else { continue };
        links += 1;
        if links > MAX_LINKS {
            return None;
        }
        real.pop();
        if target.is_absolute() {
            real = PathBuf::new();
        }
        for part in target.components().rev() {
            ahead.push_front(PathBuf::from(part.as_os_str()));
        }
    }
    Some(real)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    struct Plugin {
        dir: tempfile::TempDir,
        permit: FilePermit,
    }

    fn plugin(read: Grant, write: Grant) -> Plugin {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in ["package", "state", "temp", "outside"] {
            fs::create_dir(at(name)).unwrap();
        }
        fs::write(at("outside/secret"), "s").unwrap();
        let roots =
            FileRoots { packages: vec![at("package")], state: at("state"), temp: at("temp") };
        let permit = FilePermit::new("@acme/chat", &roots, &read, &write);
        Plugin { dir, permit }
    }

    impl Plugin {
        fn at(&self, name: &str) -> PathBuf {
            self.dir.path().join(name)
        }
    }

    #[test]
    fn own_directories_are_open() {
        let p = plugin(Grant::default(), Grant::default());
        p.permit.check_read(&p.at("package/index.js")).unwrap();
        p.permit.check_write(&p.at("package/index.js")).unwrap_err();
        for name in ["state/a/b/c.json", "temp/x"] {
            p.permit.check_read(&p.at(name)).unwrap();
            p.permit.check_write(&p.at(name)).unwrap();
        }
        assert_eq!(
            p.permit.check_write(Path::new("rel.txt")).unwrap(),
            p.at("state").canonicalize().unwrap().join("rel.txt")
        );
    }

    #[test]
    fn the_refusal_says_what_to_write() {
        let p = plugin(Grant::default(), Grant::default());
        let error = p.permit.check_read(Path::new("/etc/passwd")).unwrap_err();
        insta::assert_snapshot!(error, @r#"reading /etc/passwd is not permitted to plugin @acme/chat: add "read": ["/etc/passwd"] to plugins."@acme/chat".permissions in ocg.json"#);
        let error = p.permit.check_write(Path::new("/etc/../etc/cron.d/x")).unwrap_err();
        insta::assert_snapshot!(error, @r#"writing /etc/cron.d/x is not permitted to plugin @acme/chat: add "write": ["/etc/cron.d/x"] to plugins."@acme/chat".permissions in ocg.json"#);
        let error = p.permit.check_read(Path::new("/proc/self/environ")).unwrap_err();
        insta::assert_snapshot!(error, @"/proc/self/environ belongs to the operating system and is never open to plugin @acme/chat");
    }

    #[test]
    fn links_and_dots_do_not_lead_out() {
        let p = plugin(Grant::default(), Grant::default());
        symlink(p.at("outside"), p.at("state/way-out")).unwrap();
        symlink("../outside/secret", p.at("state/relative")).unwrap();
        symlink("loop-b", p.at("state/loop-a")).unwrap();
        symlink("loop-a", p.at("state/loop-b")).unwrap();
        for name in [
            "state/way-out/secret",
            "state/way-out/new/file",
            "state/relative",
            "state/../outside/secret",
            "state/missing/../../outside/secret",
            "state/loop-a",
            "state-of-somebody-else",
        ] {
            p.permit.check_read(&p.at(name)).unwrap_err();
            p.permit.check_write(&p.at(name)).unwrap_err();
        }
        // The link itself is the plugin's own: it may look at it and remove it.
        p.permit.check_read_entry(&p.at("state/relative")).unwrap();
        p.permit.check_write_entry(&p.at("state/relative")).unwrap();
        p.permit.check_write_entry(&p.at("state/way-out/secret")).unwrap_err();
    }

    #[test]
    fn grants_add_and_false_takes_away() {
        let granted = Grant::Also(vec!["/usr/share".to_owned()]);
        let p = plugin(granted.clone(), Grant::Nothing);
        p.permit.check_read(Path::new("/usr/share/mime")).unwrap();
        p.permit.check_write(Path::new("/usr/share/mime")).unwrap_err();
        p.permit.check_write(&p.at("state/x")).unwrap_err();
        p.permit.check_read(&p.at("state/x")).unwrap();
        let p = plugin(Grant::default(), granted);
        p.permit.check_read(Path::new("/usr/share/mime")).unwrap();
        p.permit.check_write(Path::new("/usr/share/mime")).unwrap();
    }

    #[test]
    fn system_trees_stay_closed_even_when_granted() {
        let p = plugin(Grant::Also(vec!["/".to_owned()]), Grant::default());
        p.permit.check_read(Path::new("/etc/passwd")).unwrap();
        p.permit.check_read(Path::new("/dev/null")).unwrap();
        for path in ["/proc/1/environ", "/sys/power", "/dev/mem", "/dev/../proc/self/mem"] {
            let error = p.permit.check_read(Path::new(path)).unwrap_err();
            assert!(matches!(error, Denied::SystemPath { .. }), "{error}");
        }
    }
}
