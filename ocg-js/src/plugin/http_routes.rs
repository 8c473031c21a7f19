//! The HTTP routes that a plugin serves on the callback port (plugin contract §4.2, §5).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ocg_core::http::routes::{
    HttpRoute, Matching, RouteGuard, RouteHandler, RouteRequest, RouteResponse, Routes,
};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::error::PluginError;
use super::host::PluginHost;
use crate::isolate::HostError;

/// The routes that one isolate registered. They are gone when it ends.
pub(super) struct IsolateRoutes {
    routes: Routes,
    /// The plugin's id.
    owner: String,
    host: Weak<PluginHost>,
    /// `None` once the isolate has ended: it adds nothing more.
    held: Mutex<Option<HashMap<Place, RouteGuard>>>,
}

/// Which route, as JavaScript names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub(super) struct Place {
    path: String,
    #[serde(rename = "match")]
    matching: PluginMatching,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PluginMatching {
    Exact,
    Prefix,
}

impl From<PluginMatching> for Matching {
    fn from(matching: PluginMatching) -> Self {
        match matching {
            PluginMatching::Exact => Self::Exact,
            PluginMatching::Prefix => Self::Prefix,
        }
    }
}

impl IsolateRoutes {
    pub(super) fn new(routes: Routes, owner: &str, host: Weak<PluginHost>) -> Self {
        Self { routes, owner: owner.to_owned(), host, held: Mutex::new(Some(HashMap::new())) }
    }

    /// Serves a route.
    pub(super) fn add(&self, place: Place) -> Result<(), HostError> {
        let route = HttpRoute {
            owner: self.owner.clone(),
            path: place.path.clone(),
            matching: place.matching.into(),
            handler: Arc::new(PluginRoute { host: self.host.clone() }),
        };
        let mut held = self.held();
        let held = held.as_mut().ok_or_else(|| HostError::new("the plugin has ended"))?;
        let guard = self.routes.add(route).map_err(|error| HostError::new(error.to_string()))?;
        held.insert(place, guard);
        Ok(())
    }

    /// Serves it no more.
    pub(super) fn remove(&self, place: &Place) {
        if let Some(held) = self.held().as_mut() {
            held.remove(place);
        }
    }

    /// Serves none any more: the isolate has ended, or another takes its place.
    pub(super) fn end(&self) {
        *self.held() = None;
    }

    fn held(&self) -> MutexGuard<'_, Option<HashMap<Place, RouteGuard>>> {
        // Every critical section is one map operation: a poisoned map is still whole.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands requests to the plugin's JavaScript, which knows the handlers.
struct PluginRoute {
    host: Weak<PluginHost>,
}

/// What `route.handle` answers; null where no handler took the request.
#[derive(Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(deserialize_with = "from_base64")]
    body: Vec<u8>,
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}

#[async_trait]
impl RouteHandler for PluginRoute {
    async fn handle(&self, request: RouteRequest) -> RouteResponse {
        let Some(host) = self.host.upgrade() else { return unavailable() };
        let Some(isolate) = host.live_isolate().await else { return unavailable() };
        let what = format!("{} {}", request.method, path_of(&request.target));
        let answer = match isolate.call("route.handle", in_json(request)).await {
            Ok(answer) => host.read::<Option<Answer>>("route.handle", answer),
            Err(error) => Err(PluginError::from(error)),
        };
        match answer {
            Ok(Some(answer)) => answer.into(),
            Ok(None) => RouteResponse::text(404, "there is nothing here\n"),
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(
                    target: "ocg::plugin",
                    plugin = host.package(), request = what, error,
                    "the plugin failed to answer an HTTP request"
                );
                RouteResponse::text(500, "the channel failed\n")
            }
        }
    }
}

/// A query may hold secrets: it is left out of the log.
fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or(target)
}

fn unavailable() -> RouteResponse {
    let mut response = RouteResponse::text(503, "the channel is restarting\n");
    response.headers.push(("retry-after".to_owned(), b"1".to_vec()));
    response
}

/// Header values are bytes, which Node shows as Latin-1.
fn in_json(request: RouteRequest) -> Value {
    let RouteRequest { method, target, headers, body, peer } = request;
    let headers: Vec<(String, String)> = headers
        .into_iter()
        .map(|(name, value)| (name, value.into_iter().map(char::from).collect()))
        .collect();
    json!({
        "method": method,
        "target": target,
        "headers": headers,
        "body": STANDARD.encode(&body),
        "address": peer.ip().to_canonical().to_string(),
        "port": peer.port(),
    })
}

impl From<Answer> for RouteResponse {
    fn from(Answer { status, headers, body }: Answer) -> Self {
        let headers = headers
            .into_iter()
            // JavaScript has refused characters beyond Latin-1.
            .map(|(name, value)| (name, value.chars().map(|one| one as u32 as u8).collect()))
            .collect();
        Self { status, headers, body: body.into() }
    }
}
