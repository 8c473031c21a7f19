//! An npm registry that serves packages made by the test.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::HOST;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use crate::http::{App, HangUp, Reply, Server, json, reply};

type Packages = Arc<Mutex<HashMap<String, Package>>>;

/// Old enough for every rule about fresh releases.
const PUBLISHED: &str = "2025-01-01T00:00:00.000Z";

/// A running registry; it stops when dropped.
#[derive(Debug)]
pub struct NpmRegistry {
    packages: Packages,
    server: Server,
}

/// One version of one package.
#[derive(Debug, Clone)]
pub struct Package {
    manifest: Value,
    files: Vec<(String, Vec<u8>)>,
    fault: Option<TarballFault>,
}

/// What is wrong with a package's tarball.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TarballFault {
    /// It is not what the integrity hash promises.
    WrongHash,
    /// It ends in the middle; the hash is that of the cut file.
    CutOff,
    /// An entry's path leads out of the package.
    EscapingPath,
}

impl Package {
    /// A package with nothing but a name and a version.
    pub fn new(name: &str, version: &str) -> Self {
        let manifest = json!({ "name": name, "version": version, "type": "module" });
        Self { manifest, files: Vec::new(), fault: None }
    }

    /// A channel plugin for the channel `id`, with `source` as its entry.
    pub fn plugin(name: &str, id: &str, source: &str) -> Self {
        let mut package = Self::new(name, "1.0.0");
        package.manifest["openclaw"] = json!({
            "extensions": ["./index.js"],
            "channel": { "id": id, "label": id },
        });
        package
            .file("index.js", source)
            .file("openclaw.plugin.json", &json!({ "id": id, "channels": [id] }).to_string())
    }

    /// Another version of it.
    pub fn version(mut self, version: &str) -> Self {
        self.manifest["version"] = version.into();
        self
    }

    /// Adds a file.
    pub fn file(mut self, path: &str, content: &str) -> Self {
        self.files.push((path.to_owned(), content.as_bytes().to_vec()));
        self
    }

    /// Adds a dependency.
    pub fn depends_on(mut self, name: &str, range: &str) -> Self {
        self.manifest["dependencies"][name] = range.into();
        self
    }

    /// Spoils the tarball.
    pub fn spoiled(mut self, fault: TarballFault) -> Self {
        self.fault = Some(fault);
        self
    }

    fn name(&self) -> &str {
        self.manifest["name"].as_str().unwrap()
    }

    fn number(&self) -> &str {
        self.manifest["version"].as_str().unwrap()
    }

    fn tarball(&self) -> Vec<u8> {
        let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut archive = tar::Builder::new(gzip);
        let manifest = self.manifest.to_string().into_bytes();
        append(&mut archive, "package/package.json", &manifest);
        for (path, content) in &self.files {
            append(&mut archive, &format!("package/{path}"), content);
        }
        if self.fault == Some(TarballFault::EscapingPath) {
            append(&mut archive, "package/../../escaped.txt", b"out");
        }
        let mut gzip = archive.into_inner().unwrap();
        gzip.flush().unwrap();
        let mut bytes = gzip.finish().unwrap();
        if self.fault == Some(TarballFault::CutOff) {
            bytes.truncate(bytes.len() / 2);
        }
        bytes
    }

    fn packument(&self, base: &str) -> Value {
        let hashed = match self.fault {
            Some(TarballFault::WrongHash) => b"something else".to_vec(),
            _ => self.tarball(),
        };
        let integrity = format!("sha512-{}", STANDARD.encode(Sha512::digest(hashed)));
        let file = self.name().rsplit('/').next().unwrap();
        let mut version = self.manifest.clone();
        version["dist"] = json!({
            "tarball": format!("{base}/{}/-/{file}-{}.tgz", self.name(), self.number()),
            "integrity": integrity,
        });
        json!({
            "name": self.name(),
            "dist-tags": { "latest": self.number() },
            "versions": { self.number(): version },
            "time": { self.number(): PUBLISHED },
        })
    }
}

/// Appends an entry under exactly this path, which the tar crate's own methods would refuse when
/// it escapes.
fn append(archive: &mut tar::Builder<impl Write>, path: &str, content: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    archive.append(&header, content).unwrap();
}

impl NpmRegistry {
    /// Starts an empty registry on loopback.
    pub async fn start() -> Self {
        let packages = Packages::default();
        let server = Server::start(Arc::new(Front(Arc::clone(&packages))), None).await;
        Self { packages, server }
    }

    /// What `npm_config_registry` is set to.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Publishes a package, in place of an earlier one of that name.
    pub fn publish(&self, package: Package) {
        self.packages.lock().unwrap().insert(package.name().to_owned(), package);
    }
}

struct Front(Packages);

impl App for Front {
    /// `/<name>` is the packument, `/<name>/-/<file>` the tarball; a scope's slash may be encoded.
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Reply, HangUp> {
        let base = format!("http://{}", request.headers()[HOST].to_str().unwrap());
        let path = request.uri().path().trim_start_matches('/');
        let (name, is_tarball) = match path.split_once("/-/") {
            Some((name, _)) => (name, true),
            None => (path, false),
        };
        let name = name.replace("%2f", "/").replace("%2F", "/");
        let Some(package) = self.0.lock().unwrap().get(&name).cloned() else {
            return Ok(json(404, &json!({ "error": "Not found" })));
        };
        Ok(if is_tarball {
            reply(200, "application/octet-stream", package.tarball())
        } else {
            json(200, &package.packument(&base))
        })
    }
}
