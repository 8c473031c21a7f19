//! What a package, or the person at the terminal, asks for: a name and which versions will do.

use node_semver::{Range, Version};

use super::InstallError;

/// Which versions will do.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    /// The newest, whatever it is.
    Any,
    /// Just this one.
    Exact(Version),
    /// Any in the range.
    Range(Range),
    /// The one the registry's tag points to.
    Tag(String),
}

impl Wanted {
    /// `None` when the text names no registry package (git, URL, file, workspace).
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text == "*" {
            return Some(Self::Any);
        }
        if let Ok(version) = Version::parse(text.trim_start_matches(['=', 'v'])) {
            return Some(Self::Exact(version));
        }
        if let Ok(range) = Range::parse(text) {
            return Some(Self::Range(range));
        }
        let is_tag = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        is_tag.then(|| Self::Tag(text.to_owned()))
    }

    /// Whether `version` will do; a tag is known to the registry alone.
    pub(super) fn accepts(&self, version: &Version) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(wanted) => wanted == version,
            Self::Range(range) => range.satisfies(version),
            Self::Tag(_) => false,
        }
    }
}

/// A dependency of one package on another.
#[derive(Debug, Clone)]
pub(super) struct Dependency {
    /// The folder in `node_modules`.
    pub(super) name: String,
    /// The package in the registry: another one only for `npm:` aliases.
    pub(super) package: String,
    /// Which versions will do.
    pub(super) wanted: Wanted,
    /// `wanted` as written.
    pub(super) text: String,
}

impl Dependency {
    /// Reads an entry of `dependencies`; `None` when it names no registry package.
    pub(super) fn parse(name: &str, text: &str) -> Option<Self> {
        let (package, range) = match text.trim().strip_prefix("npm:") {
            Some(alias) => split(alias),
            None => (name, text),
        };
        (is_name(name) && is_name(package)).then_some(())?;
        Some(Self {
            name: name.to_owned(),
            package: package.to_owned(),
            wanted: Wanted::parse(range)?,
            text: range.trim().to_owned(),
        })
    }

    /// Reads what was asked for at the terminal; the name is not yet looked up in the aliases.
    ///
    /// # Errors
    /// [`InstallError::BadSpec`].
    pub(super) fn from_terminal(spec: &str) -> Result<Self, InstallError> {
        let bad = |reason: &str| InstallError::BadSpec {
            spec: spec.to_owned(),
            reason: reason.to_owned(),
        };
        let spec = spec.trim();
        if spec.is_empty() {
            return Err(bad("it is empty"));
        }
        let (name, range) = split(spec);
        if !is_name(name) {
            return Err(bad("only packages from an npm registry can be installed"));
        }
        let wanted = if range.trim().is_empty() {
            Wanted::Tag("latest".to_owned())
        } else {
            Wanted::parse(range).ok_or_else(|| bad("what follows the @ is no version or tag"))?
        };
        let (name, text) = (name.to_owned(), range.trim().to_owned());
        Ok(Self { package: name.clone(), name, wanted, text })
    }
}

/// `name@range`, where the name may begin with `@`.
fn split(spec: &str) -> (&str, &str) {
    match spec.char_indices().skip(1).find(|(_, c)| *c == '@') {
        Some((at, _)) => (&spec[..at], &spec[at + 1..]),
        None => (spec, ""),
    }
}

/// Whether `name` is a package name that is also safe as a folder's name: `name` or
/// `@scope/name`.
pub(super) fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part != "node_modules"
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~!'()*".contains(&b))
    };
    name.len() <= 214
        && match name.strip_prefix('@') {
            Some(scoped) => scoped.split_once('/').is_some_and(|(s, n)| part(s) && part(n)),
            None => part(name),
        }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn terminal_specs() {
        let read = |spec: &str| {
            let d = Dependency::from_terminal(spec).unwrap();
            (d.package, d.text)
        };
        assert_eq!(read("a"), ("a".into(), String::new()));
        assert_eq!(read("@s/a@^1.2"), ("@s/a".into(), "^1.2".into()));
        for bad in ["", "../x", "https://x/y.tgz", "@s", "a@git+ssh://x", "git@x:y/z"] {
            assert!(Dependency::from_terminal(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn dependency_sources() {
        let alias = Dependency::parse("b", "npm:@s/real@1.x").unwrap();
        assert_eq!((alias.name.as_str(), alias.package.as_str()), ("b", "@s/real"));
        for foreign in ["git+https://x/y", "file:../x", "user/repo", "workspace:*", "http://x"] {
            assert!(Dependency::parse("b", foreign).is_none(), "{foreign}");
        }
        assert!(Dependency::parse("../b", "1").is_none());
    }

    #[test]
    fn any_accepts_prereleases_and_ranges_do_not() {
        let pre = Version::parse("1.0.0-beta.1").unwrap();
        assert!(Wanted::parse("").unwrap().accepts(&pre));
        assert!(!Wanted::parse("^1.0.0").unwrap().accepts(&pre));
    }

    proptest! {
        #[test]
        fn names_never_leave_their_folder(name in "[@./a-z_\\\\~-]{0,12}") {
            if is_name(&name) {
                let path = std::path::Path::new(&name);
                prop_assert!(path.components().all(|c| matches!(c, std::path::Component::Normal(_))));
                prop_assert!(path.components().count() <= 2);
            }
        }
    }
}
