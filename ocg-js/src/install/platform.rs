//! Whether a package is meant for this machine (`os`, `cpu`, `libc` in package.json).

use super::packument::VersionData;

/// This machine in Node.js' words.
pub(super) struct Machine {
    os: &'static str,
    cpu: &'static str,
    libc: Option<&'static str>,
}

impl Machine {
    /// The one this program was built for.
    pub(super) const fn current() -> Self {
        Self {
            os: if cfg!(target_os = "macos") {
                "darwin"
            } else if cfg!(windows) {
                "win32"
            } else {
                std::env::consts::OS
            },
            cpu: if cfg!(target_arch = "x86_64") {
                "x64"
            } else if cfg!(target_arch = "aarch64") {
                "arm64"
            } else if cfg!(target_arch = "x86") {
                "ia32"
            } else {
                std::env::consts::ARCH
            },
            libc: if !cfg!(target_os = "linux") {
                None
            } else if cfg!(target_env = "musl") {
                Some("musl")
            } else {
                Some("glibc")
            },
        }
    }

    /// `Err` holds what the package runs on, in words.
    pub(super) fn check(&self, package: &VersionData) -> Result<(), String> {
        for (list, own) in [
            (&package.os, Some(self.os)),
            (&package.cpu, Some(self.cpu)),
            (&package.libc, self.libc),
        ] {
            if own.is_some_and(|own| !allows(list, own)) {
                return Err(list.join(", "));
            }
        }
        Ok(())
    }

    /// `linux x64`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.os, self.cpu)
    }
}

/// A list names what is allowed or, after `!`, what is not.
fn allows(list: &[String], own: &str) -> bool {
    let (refused, allowed): (Vec<&str>, Vec<&str>) =
        list.iter().map(String::as_str).partition(|entry| entry.starts_with('!'));
    !refused.iter().any(|entry| &entry[1..] == own)
        && (allowed.is_empty() || allowed.contains(&own) || allowed.contains(&"any"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_allow_and_refuse() {
        let list = |items: &[&str]| items.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>();
        assert!(allows(&[], "linux"));
        assert!(allows(&list(&["darwin", "linux"]), "linux"));
        assert!(!allows(&list(&["darwin"]), "linux"));
        assert!(allows(&list(&["!win32"]), "linux"));
        assert!(!allows(&list(&["!linux"]), "linux"));
    }
}
