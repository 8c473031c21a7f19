//! HTTP routes that channels serve on the callback port (plugin contract §4.5): webhooks of
//! platforms that push, for example.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use async_trait::async_trait;
use bytes::Bytes;

/// Paths that belong to the gateway itself.
const RESERVED: [&str; 4] = ["/ocg", "/healthz", "/readyz", "/metrics"];

/// Which request paths a route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Matching {
    /// The path itself.
    Exact,
    /// The path, and everything below it: `/a` takes `/a` and `/a/b`, not `/ab`.
    Prefix,
}

/// A request to a route.
#[derive(Debug, Clone)]
pub struct RouteRequest {
    /// Method, in capitals.
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    /// Headers in the order in which they came; names are in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The whole body; its size is bounded by the server.
    pub body: Bytes,
    /// Who connected. Behind a proxy this is the proxy.
    pub peer: SocketAddr,
}

/// What a route answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RouteResponse {
    /// Status code; one that HTTP does not know is answered as 500.
    pub status: u16,
    /// Headers; those that HTTP does not allow are left out.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Body.
    pub body: Bytes,
}

impl RouteResponse {
    /// A plain text answer.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        let headers = vec![("content-type".to_owned(), b"text/plain; charset=utf-8".to_vec())];
        Self { status, headers, body: Bytes::from(text.into()) }
    }
}

/// Serves a route's requests; they may come side by side. The server bounds how long it waits;
/// a handler that is too slow is dropped and the peer told 504.
#[async_trait]
pub trait RouteHandler: Send + Sync {
    /// Answers one request.
    async fn handle(&self, request: RouteRequest) -> RouteResponse;
}

/// A route to add.
#[derive(Clone)]
pub struct HttpRoute {
    /// Who serves it, for messages: the channel's or the plugin's id.
    pub owner: String,
    /// Absolute path, without query.
    pub path: String,
    /// Which requests it takes.
    pub matching: Matching,
    /// Serves them.
    pub handler: Arc<dyn RouteHandler>,
}

impl fmt::Debug for HttpRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} ({:?})", self.path, self.owner, self.matching)
    }
}

/// A route that cannot be added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// The path is none.
    #[error(
        "the HTTP route {0:?} of {1} does not start with a slash, or has a query; correct its path"
    )]
    NotAPath(String, String),
    /// The path belongs to the gateway.
    #[error("the HTTP route {0} of {1} is the gateway's own; choose another path")]
    Reserved(String, String),
    /// Another route has it.
    #[error("the HTTP route {path} of {owner} is already served by {holder}")]
    Taken {
        /// The path.
        path: String,
        /// Who wanted it.
        owner: String,
        /// Who has it.
        holder: String,
    },
}

/// All routes of the process. Clones share them.
#[derive(Clone, Default)]
pub struct Routes {
    table: Arc<Mutex<Table>>,
    added: Arc<tokio::sync::Notify>,
}

#[derive(Default)]
struct Table {
    next: u64,
    routes: Vec<Held>,
}

struct Held {
    id: u64,
    /// What paths of requests are compared with.
    key: String,
    route: HttpRoute,
}

/// Keeps a route in place; dropping it removes the route.
#[must_use = "the route is removed when the guard is dropped"]
pub struct RouteGuard {
    table: Weak<Mutex<Table>>,
    id: u64,
}

impl Routes {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a route. The same path may be there once as an exact and once as a prefix route; case,
    /// empty segments and a slash at the end make no difference.
    ///
    /// # Errors
    /// The path is none, the gateway's own, or taken.
    pub fn add(&self, route: HttpRoute) -> Result<RouteGuard, RouteError> {
        let HttpRoute { owner, path, .. } = &route;
        if !path.starts_with('/') || path.contains(['?', '#']) {
            return Err(RouteError::NotAPath(path.clone(), owner.clone()));
        }
        let key = key(path);
        if RESERVED.iter().any(|reserved| below(&key, reserved)) {
            return Err(RouteError::Reserved(path.clone(), owner.clone()));
        }
        let mut table = self.table();
        let taken =
            table.routes.iter().find(|one| one.key == key && one.route.matching == route.matching);
        if let Some(one) = taken {
            let (path, owner) = (path.clone(), owner.clone());
            return Err(RouteError::Taken { path, owner, holder: one.route.owner.clone() });
        }
        let id = table.next;
        table.next += 1;
        table.routes.push(Held { id, key, route });
        drop(table);
        self.added.notify_waiters();
        Ok(RouteGuard { table: Arc::downgrade(&self.table), id })
    }

    /// The route that serves `path`: the exact one, else the longest prefix.
    pub fn find(&self, path: &str) -> Option<HttpRoute> {
        let table = self.table();
        let path = key(path);
        let routes =
            |matching| table.routes.iter().filter(move |one| one.route.matching == matching);
        let exact = routes(Matching::Exact).find(|one| one.key == path);
        let found = exact.or_else(|| {
            routes(Matching::Prefix)
                .filter(|one| below(&path, &one.key))
                .max_by_key(|one| one.key.len())
        });
        found.map(|one| one.route.clone())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.table().routes.is_empty()
    }

    /// Returns when there is at least one route.
    pub async fn wait_for_any(&self) {
        loop {
            let added = self.added.notified();
            tokio::pin!(added);
            added.as_mut().enable();
            if !self.is_empty() {
                return;
            }
            added.await;
        }
    }
}

/// A path in lower case and without empty segments. Percent-encoding stays: a slash that is encoded
/// separates nothing.
fn key(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let key: String = segments.flat_map(|segment| ["/", segment]).collect();
    if key.is_empty() { "/".to_owned() } else { key.to_ascii_lowercase() }
}

/// Whether `path` is `prefix` or below it.
fn below(path: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Drop for RouteGuard {
    fn drop(&mut self) {
        if let Some(table) = self.table.upgrade() {
            let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
            table.routes.retain(|one| one.id != self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    #[async_trait]
    impl RouteHandler for Nothing {
        async fn handle(&self, _: RouteRequest) -> RouteResponse {
            RouteResponse::text(200, "")
        }
    }

    fn route(owner: &str, path: &str, matching: Matching) -> HttpRoute {
        HttpRoute { owner: owner.into(), path: path.into(), matching, handler: Arc::new(Nothing) }
    }

    #[test]
    fn the_exact_route_goes_before_the_longest_prefix() {
        let routes = Routes::default();
        let _short = routes.add(route("short", "/hook", Matching::Prefix)).unwrap();
        let _long = routes.add(route("long", "/hook/a", Matching::Prefix)).unwrap();
        let exact = routes.add(route("exact", "/hook/a", Matching::Exact)).unwrap();
        let owner = |path: &str| routes.find(path).map(|route| route.owner);
        assert_eq!(owner("/hook/a").as_deref(), Some("exact"));
        assert_eq!(owner("/hook/a/b").as_deref(), Some("long"));
        assert_eq!(owner("/hook/ab").as_deref(), Some("short"));
        assert_eq!(owner("/hooks"), None);
        drop(exact);
        assert_eq!(owner("/hook/a").as_deref(), Some("long"));
    }

    #[test]
    fn the_way_a_path_is_written_makes_no_difference() {
        let routes = Routes::default();
        let _exact = routes.add(route("exact", "/Hook/", Matching::Exact)).unwrap();
        let all = routes.add(route("all", "/", Matching::Prefix)).unwrap();
        let owner = |path: &str| routes.find(path).map(|route| route.owner);
        for path in ["/hook", "/Hook/", "//HOOK"] {
            assert_eq!(owner(path).as_deref(), Some("exact"), "{path}");
        }
        for path in ["/", "", "/hook/x", "/%48ook"] {
            assert_eq!(owner(path).as_deref(), Some("all"), "{path}");
        }
        assert!(routes.add(route("two", "/hook", Matching::Exact)).is_err());
        assert!(routes.add(route("two", "//OCG/send", Matching::Exact)).is_err());
        drop(all);
        assert_eq!(owner("/"), None);
    }

    #[test]
    fn paths_that_do_not_serve_are_refused() {
        let routes = Routes::default();
        let _held = routes.add(route("one", "/hook", Matching::Exact)).unwrap();
        let refused: Vec<_> = ["/hook", "hook", "/a?b", "/ocg/callback/x", "/metrics", "/ocg"]
            .iter()
            .map(|path| routes.add(route("two", path, Matching::Exact)).err().unwrap().to_string())
            .collect();
        insta::assert_snapshot!(refused.join("\n"), @r#"
        the HTTP route /hook of two is already served by one
        the HTTP route "hook" of two does not start with a slash, or has a query; correct its path
        the HTTP route "/a?b" of two does not start with a slash, or has a query; correct its path
        the HTTP route /ocg/callback/x of two is the gateway's own; choose another path
        the HTTP route /metrics of two is the gateway's own; choose another path
        the HTTP route /ocg of two is the gateway's own; choose another path
        "#);
        assert!(routes.add(route("two", "/ocgx", Matching::Exact)).is_ok());
    }
}
