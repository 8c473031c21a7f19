//! A small npm registry on loopback that can misbehave.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::package::Package;

#[derive(Default)]
struct Shelf {
    packages: HashMap<String, Vec<Package>>,
    tags: HashMap<(String, String), String>,
    /// Answers given before the proper one, by the part of the path that they apply to.
    faults: Vec<Fault>,
    requests: Vec<Request>,
    token: Option<String>,
    without_times: bool,
}

/// Answers `status` with `body`, `times` times.
pub(crate) struct Fault {
    pub(crate) path: &'static str,
    pub(crate) times: usize,
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) accept: String,
}

pub(crate) struct FakeRegistry {
    address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
    _stop: oneshot::Sender<()>,
}

impl FakeRegistry {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let router = Router::new().fallback(answer).with_state((Arc::clone(&shelf), address));
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let server = axum::serve(listener, router);
            tokio::select! {
                _ = server => {}
                _ = stopped => {}
            }
        });
        Self { address, shelf, _stop: stop }
    }

    /// Published packages live below a path, as with many private registries.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/npm/", self.address)
    }

    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn publish(&self, packages: impl IntoIterator<Item = Package>) {
        for package in packages {
            self.shelf().packages.entry(package.name.clone()).or_default().push(package);
        }
    }

    pub(crate) fn tag(&self, name: &str, tag: &str, version: &str) {
        self.shelf().tags.insert((name.into(), tag.into()), version.into());
    }

    pub(crate) fn fault(&self, path: &'static str, times: usize, status: u16, body: &str) {
        let body = body.as_bytes().to_vec();
        self.shelf().faults.push(Fault { path, times, status, body });
    }

    /// Replaces everything that was published.
    pub(crate) fn replace(&self, packages: impl IntoIterator<Item = Package>) {
        self.shelf().packages.clear();
        self.publish(packages);
    }

    pub(crate) fn require_token(&self, token: &str) {
        self.shelf().token = Some(token.into());
    }

    pub(crate) fn hide_times(&self) {
        self.shelf().without_times = true;
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shelf().requests.clone()
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap()
    }
}

type Shared = (Arc<Mutex<Shelf>>, SocketAddr);

async fn answer(
    State((shelf, address)): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let mut shelf = shelf.lock().unwrap();
    let header = |name| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let authorization = header(header::AUTHORIZATION);
    let path = uri.path().replace("%2f", "/");
    shelf.requests.push(Request {
        path: path.clone(),
        authorization: authorization.clone(),
        accept: header(header::ACCEPT).unwrap_or_default(),
    });
    let respond = |status: u16, body: Vec<u8>| {
        Response::builder()
            .status(StatusCode::from_u16(status).unwrap())
            .body(Body::from(body))
            .unwrap()
    };
    if let Some(token) = &shelf.token
        && authorization != Some(format!("Bearer {token}"))
    {
        return respond(401, b"who are you".to_vec());
    }
    let fault = shelf.faults.iter_mut().find(|f| f.times > 0 && path.ends_with(f.path));
    if let Some(fault) = fault {
        fault.times -= 1;
        return respond(fault.status, fault.body.clone());
    }
    let Some(path) = path.strip_prefix("/npm/") else { return respond(404, Vec::new()) };
    if let Some((name, file)) = path.split_once("/-/") {
        let version = file.trim_end_matches(".tgz");
        let package = shelf
            .packages
            .get(name)
            .and_then(|versions| versions.iter().find(|p| p.version == version));
        return match package {
            Some(p) => respond(200, p.served.clone().unwrap_or_else(|| p.tarball())),
            None => respond(404, Vec::new()),
        };
    }
    match shelf.packages.get(path) {
        Some(versions) => {
            let document = document(&shelf, path, versions, address);
            respond(200, serde_json::to_vec(&document).unwrap())
        }
        None => respond(404, br#"{"error": "Not found"}"#.to_vec()),
    }
}

fn document(shelf: &Shelf, name: &str, versions: &[Package], address: SocketAddr) -> Value {
    let latest = versions.last().map(|p| p.version.clone());
    let mut document =
        json!({"name": name, "dist-tags": {"latest": latest}, "versions": {}, "time": {}});
    for ((package, tag), version) in &shelf.tags {
        if package == name {
            document["dist-tags"][tag] = json!(version);
        }
    }
    for package in versions {
        let tarball = package
            .tarball_url
            .clone()
            .unwrap_or_else(|| format!("http://{address}/npm/{name}/-/{}.tgz", package.version));
        let hash = ssri::IntegrityOpts::new()
            .algorithm(ssri::Algorithm::Sha512)
            .chain(package.served.clone().unwrap_or_else(|| package.tarball()))
            .result();
        let mut manifest = package.manifest.clone();
        manifest["dist"] =
            package.announced.clone().unwrap_or_else(|| json!({"integrity": hash.to_string()}));
        manifest["dist"]["tarball"] = json!(tarball);
        document["versions"][&package.version] = manifest;
        document["time"][&package.version] = json!(package.published());
    }
    if shelf.without_times {
        document.as_object_mut().unwrap().remove("time");
    }
    document
}
