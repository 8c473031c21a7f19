//! Shared HTTP clients whose connections pass the plugin's network permit.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ocg_core::http::{HttpError, HttpSettings};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rquickjs::JsLifetime;

use super::failure::LookupFailure;
use crate::permit::{NetworkPermit, Permits};

/// As Node's fetch.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// One client with its pool of connections per port, because the resolver of a client is not
/// told which port the name is wanted for, and grants may name one.
#[derive(Clone, JsLifetime)]
pub(crate) struct Clients(Rc<Shared>);

struct Shared {
    settings: HttpSettings,
    permit: Arc<NetworkPermit>,
    proxies: Arc<[String]>,
    by_port: RefCell<HashMap<u16, reqwest::Client>>,
}

impl Clients {
    pub(crate) fn new(settings: HttpSettings, permits: &Permits) -> Self {
        let proxies = [&settings.proxies.http, &settings.proxies.https];
        let proxies = proxies.into_iter().flatten().filter_map(|proxy| proxy.host());
        let proxies = proxies.map(str::to_ascii_lowercase).collect();
        let permit = Arc::new(permits.network.clone());
        Self(Rc::new(Shared { settings, permit, proxies, by_port: RefCell::default() }))
    }

    pub(crate) fn settings(&self) -> &HttpSettings {
        &self.0.settings
    }

    pub(crate) fn permit(&self) -> &NetworkPermit {
        &self.0.permit
    }

    /// The client for connections to `port`. It follows no redirects: each needs its own check.
    pub(crate) fn client(&self, port: u16) -> Result<reqwest::Client, HttpError> {
        if let Some(client) = self.0.by_port.borrow().get(&port) {
            return Ok(client.clone());
        }
        let resolver = CheckedResolver {
            permit: Arc::clone(&self.0.permit),
            proxies: Arc::clone(&self.0.proxies),
            port,
        };
        let client = self
            .0
            .settings
            .client_builder()?
            .dns_resolver(Arc::new(resolver))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .build()
            .map_err(HttpError::Client)?;
        self.0.by_port.borrow_mut().insert(port, client.clone());
        Ok(client)
    }
}

/// Resolves names and checks every address, so that a public name cannot lead to a private one.
struct CheckedResolver {
    permit: Arc<NetworkPermit>,
    proxies: Arc<[String]>,
    port: u16,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (permit, port) = (Arc::clone(&self.permit), self.port);
        // The operator chose the proxy; what lies behind it is the proxy's to resolve.
        let is_proxy = self.proxies.iter().any(|proxy| proxy == name.as_str());
        Box::pin(async move {
            let host = name.as_str();
            let found = tokio::net::lookup_host((host, 0))
                .await
                .map_err(|source| LookupFailure::NotFound { host: host.to_owned(), source })?;
            let mut addresses: Vec<SocketAddr> = Vec::new();
            for address in found {
                if !is_proxy {
                    permit.check_addr(address.ip(), port, host).map_err(LookupFailure::Denied)?;
                }
                addresses.push(address);
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
