//! Packages to publish in a test.

use std::io::Write;
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// One version of a package, as its author would publish it.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) manifest: Value,
    files: Vec<(String, Vec<u8>)>,
    pub(crate) age: Duration,
    /// What the registry serves in place of the proper tarball.
    pub(crate) served: Option<Vec<u8>>,
    /// What the registry announces in place of the proper hash.
    pub(crate) announced: Option<Value>,
    /// Where the registry says the tarball is.
    pub(crate) tarball_url: Option<String>,
}

/// A package that is no plugin.
pub(crate) fn package(name: &str, version: &str) -> Package {
    Package {
        name: name.into(),
        version: version.into(),
        manifest: json!({"name": name, "version": version}),
        files: vec![("index.js".into(), format!("// {name} {version}\n").into_bytes())],
        age: Duration::from_secs(365 * 24 * 3600),
        served: None,
        announced: None,
        tarball_url: None,
    }
}

/// A channel plugin for channel `chat`.
pub(crate) fn plugin(version: &str) -> Package {
    package("plug", version).with(
        "openclaw",
        json!({"runtimeExtensions": ["./index.js"], "channel": {"id": "chat", "label": "Chat"}}),
    )
}

impl Package {
    /// Sets a key of package.json.
    pub(crate) fn with(mut self, key: &str, value: Value) -> Self {
        self.manifest[key] = value;
        self
    }

    pub(crate) fn depends(self, dependencies: Value) -> Self {
        self.with("dependencies", dependencies)
    }

    pub(crate) fn file(mut self, path: &str, content: &str) -> Self {
        self.files.push((path.into(), content.as_bytes().to_vec()));
        self
    }

    pub(crate) fn age_days(mut self, days: u64) -> Self {
        self.age = Duration::from_secs(days * 24 * 3600);
        self
    }

    pub(crate) fn serving(mut self, bytes: Vec<u8>) -> Self {
        self.served = Some(bytes);
        self
    }

    pub(crate) fn announcing(mut self, dist: Value) -> Self {
        self.announced = Some(dist);
        self
    }

    pub(crate) fn published(&self) -> String {
        humantime::format_rfc3339_millis(SystemTime::now() - self.age).to_string()
    }

    /// The tarball, as npm packs it.
    pub(crate) fn tarball(&self) -> Vec<u8> {
        let mut entries =
            vec![Entry::file("package/package.json", &serde_json::to_vec(&self.manifest).unwrap())];
        entries.extend(self.files.iter().map(|(p, c)| Entry::file(&format!("package/{p}"), c)));
        pack(&entries)
    }
}

/// One entry of an archive, written byte by byte so that it can be one no honest tool would write.
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) kind: u8,
    pub(crate) link: String,
    pub(crate) mode: u32,
    pub(crate) content: Vec<u8>,
    /// The size that the header claims.
    pub(crate) size: Option<u64>,
}

impl Entry {
    pub(crate) fn file(path: &str, content: &[u8]) -> Self {
        Self {
            path: path.into(),
            kind: b'0',
            link: String::new(),
            mode: 0o600,
            content: content.to_vec(),
            size: None,
        }
    }

    pub(crate) fn special(path: &str, kind: u8, link: &str) -> Self {
        Self { kind, link: link.into(), ..Self::file(path, b"") }
    }
}

/// A compressed archive of `entries`.
pub(crate) fn pack(entries: &[Entry]) -> Vec<u8> {
    let mut archive = Vec::new();
    for entry in entries {
        let mut header = [0u8; 512];
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, entry.path.as_bytes());
        put(100, format!("{:07o}\0", entry.mode).as_bytes());
        put(108, b"0000000\0");
        put(116, b"0000000\0");
        let size = entry.size.unwrap_or(entry.content.len() as u64);
        put(124, format!("{size:011o}\0").as_bytes());
        put(136, b"00000000000\0");
        put(148, b"        ");
        put(156, &[entry.kind]);
        put(157, entry.link.as_bytes());
        put(257, b"ustar\x0000");
        let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend_from_slice(&header);
        archive.extend_from_slice(&entry.content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    gzip(&archive)
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
