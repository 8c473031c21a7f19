//! Which requests go through which proxy.

use std::fmt;
use std::str::FromStr;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{NoProxy, Proxy};
use url::Url;

use super::HttpError;

/// Address of a proxy. Its password is never shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ProxyUrl(Url);

/// A text that is no proxy address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a proxy address; write http://host:port, https://host:port or socks5://host:port, with user:password@ before the host where the proxy asks for it"
)]
pub struct InvalidProxy;

impl ProxyUrl {
    /// The proxy's host name or address.
    pub fn host(&self) -> Option<&str> {
        self.0.host_str()
    }

    /// The address with its credentials masked.
    pub fn masked(&self) -> String {
        let mut url = self.0.clone();
        if url.password().is_some() {
            // Both setters fail only for URLs without a host, which `from_str` refuses.
            let _ = url.set_password(Some("***"));
        }
        if !url.username().is_empty() {
            let _ = url.set_username("***");
        }
        url.to_string()
    }
}

impl FromStr for ProxyUrl {
    type Err = InvalidProxy;

    /// Reads `http://`, `https://`, `socks5://` and `socks5h://` addresses. As with curl, one
    /// without a scheme is an HTTP proxy.
    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        let text = text.trim();
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("http://{text}"))
        };
        let url = url.map_err(|_| InvalidProxy)?;
        let known = matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h");
        let named = url.host_str().is_some_and(|host| !host.is_empty());
        if known && named { Ok(Self(url)) } else { Err(InvalidProxy) }
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({})", self.masked())
    }
}

impl fmt::Display for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The proxies of one kind of client; the default is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ProxyRules {
    /// Proxy of `http://` requests.
    pub http: Option<ProxyUrl>,
    /// Proxy of `https://` requests.
    pub https: Option<ProxyUrl>,
    /// Hosts reached directly, in `NO_PROXY` syntax: host names with their subdomains, addresses,
    /// CIDR blocks, `*`.
    pub no_proxy: Option<String>,
    /// Reach this machine directly, whatever `no_proxy` says. Set for proxies that come from the
    /// environment: those are meant for the outside world, and an agent on loopback is common.
    pub loopback_direct: bool,
}

const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

impl ProxyRules {
    /// Everything through `proxy`, except what `no_proxy` names.
    pub fn all(proxy: ProxyUrl, no_proxy: Option<String>) -> Self {
        Self { http: Some(proxy.clone()), https: Some(proxy), no_proxy, loopback_direct: false }
    }

    pub(super) fn apply(
        &self,
        builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, HttpError> {
        // `no_proxy` of the builder switches off what reqwest itself would read of the environment.
        let mut builder = builder.no_proxy();
        if let Some(ProxyUrl(url)) = &self.http {
            let proxy = Proxy::http(url.clone()).map_err(HttpError::Client)?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(&self.exceptions())));
        }
        if let Some(ProxyUrl(url)) = &self.https {
            let proxy = Proxy::https(url.clone()).map_err(HttpError::Client)?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(&self.exceptions())));
        }
        Ok(builder)
    }

    /// The same rules for connections that reqwest does not make.
    pub(super) fn matcher(&self) -> Matcher {
        let address = |proxy: &Option<ProxyUrl>| {
            proxy.as_ref().map(|ProxyUrl(url)| url.to_string()).unwrap_or_default()
        };
        Matcher::builder()
            .http(address(&self.http))
            .https(address(&self.https))
            .no(self.exceptions())
            .build()
    }

    fn exceptions(&self) -> String {
        let named = self.no_proxy.as_deref().unwrap_or_default().trim();
        if named == "*" || !self.loopback_direct {
            return named.to_owned();
        }
        format!("{named},{LOOPBACK}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_never_shown() {
        let proxy: ProxyUrl = "http://alice:s3cret@proxy.example:3128".parse().unwrap();
        for shown in [proxy.to_string(), format!("{proxy:?}"), format!("{:?}", Some(&proxy))] {
            assert!(!shown.contains("s3cret") && !shown.contains("alice"), "{shown}");
            assert!(shown.contains("proxy.example:3128"), "{shown}");
        }
    }

    #[test]
    fn addresses_that_are_no_proxy_are_refused() {
        for bad in ["", "ftp://proxy.example", "http://", "socks4://h:1", "://x", "http://a b"] {
            assert_eq!(bad.parse::<ProxyUrl>(), Err(InvalidProxy), "{bad}");
        }
        for good in ["proxy.example:3128", "socks5://u:p@127.0.0.1:1080", "https://p.example"] {
            assert!(good.parse::<ProxyUrl>().is_ok(), "{good}");
        }
    }
}
