//! The way from plugins with built-in host names to the fakes: a proxy, and a CA of its own.

use std::net::SocketAddr;

use ocg_tests::harness::Config;
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::proxy::Proxy;

pub(crate) struct Network {
    authority: Authority,
    proxy: Proxy,
}

impl Network {
    /// A network that leads where `routes` say, with certificates of `authority`.
    pub(crate) async fn new(
        authority: Authority,
        routes: impl IntoIterator<Item = (String, SocketAddr)>,
    ) -> Self {
        Self { authority, proxy: Proxy::start(routes).await }
    }

    /// The proxy in it.
    pub(crate) fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    /// Plugins use it.
    pub(crate) fn used_by(&self, config: Config) -> Config {
        config.plugins_behind(&self.proxy, &self.authority)
    }
}
