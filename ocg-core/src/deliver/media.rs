//! Which files an agent may send into a chat.

use std::path::{Path, PathBuf};

use url::Url;

/// A file that an agent sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Media {
    /// An `http(s)` URL, passed on to the channel as it is.
    Remote(String),
    /// A `data:` URL, to be saved as a file.
    Inline(String),
    /// A file on this machine, below an allowed folder, without symbolic links.
    Local(PathBuf),
}

/// Local files can be sent only from below these folders: an agent, or whoever steers it through
/// a chat, must not be able to read the machine's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MediaPolicy {
    /// The allowed folders.
    pub roots: Vec<PathBuf>,
}

impl MediaPolicy {
    /// What `reference` stands for, if it may be sent.
    ///
    /// # Errors
    /// Says why not, without the content of a `data:` URL.
    pub fn admit(&self, reference: &str) -> Result<Media, String> {
        let scheme = reference.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("http" | "https") => match Url::parse(reference) {
                Ok(url) => Ok(Media::Remote(url.into())),
                Err(error) => Err(format!("not a URL ({error}): {reference}")),
            },
            Some("data") => Ok(Media::Inline(reference.to_owned())),
            Some("file") => match Url::parse(reference).map(|url| url.to_file_path()) {
                Ok(Ok(path)) => self.admit_path(&path),
                _ => Err(format!("not a file on this machine: {reference}")),
            },
            _ => self.admit_path(Path::new(reference)),
        }
    }

    fn admit_path(&self, path: &Path) -> Result<Media, String> {
        let shown = path.display();
        if !path.is_absolute() {
            return Err(format!("neither a URL nor an absolute path: {shown}"));
        }
        // The check is about the file behind all links, and that is what is sent.
        let real = path.canonicalize().map_err(|error| format!("{shown}: {error}"))?;
        let allowed = self
            .roots
            .iter()
            .filter_map(|root| root.canonicalize().ok())
            .any(|root| real.starts_with(root));
        if !allowed {
            return Err(format!("{shown} is outside the folders that agents may send from"));
        }
        if !real.is_file() {
            return Err(format!("{shown} is not a file"));
        }
        Ok(Media::Local(real))
    }
}

/// Whether `reference` says where a file lies on this machine, existing or not.
pub(super) fn names_local_file(reference: &str) -> bool {
    let file_url = reference.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("file:"));
    file_url || Path::new(reference).is_absolute()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_a_root_are_sent() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("out");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(root.join("a.png"), "a").unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        let policy = MediaPolicy { roots: vec![root.clone()] };
        let admit = |path: PathBuf| policy.admit(path.to_str().unwrap());

        let real = root.join("a.png").canonicalize().unwrap();
        assert_eq!(admit(root.join("a.png")), Ok(Media::Local(real.clone())));
        assert_eq!(
            policy.admit(Url::from_file_path(&real).unwrap().as_str()),
            Ok(Media::Local(real))
        );
        for bad in [root.join("../secret"), root.clone(), root.join("absent"), "a.png".into()] {
            assert!(admit(bad.clone()).is_err(), "{}", bad.display());
        }
        assert!(MediaPolicy::default().admit("/etc/passwd").is_err());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("secret"), root.join("link")).unwrap();
            assert!(admit(root.join("link")).is_err());
        }
    }

    #[test]
    fn web_and_data_urls_pass_and_other_schemes_do_not() {
        let policy = MediaPolicy::default();
        let web = Media::Remote("https://a.example/x.png?k=1".into());
        assert_eq!(policy.admit("https://a.example/x.png?k=1"), Ok(web));
        assert_eq!(policy.admit("data:,x"), Ok(Media::Inline("data:,x".into())));
        for bad in ["ftp://a.example/x", "javascript:alert(1)", "https://", "file://host/x"] {
            assert!(policy.admit(bad).is_err(), "{bad}");
        }
    }
}
