//! The settings that every outgoing HTTP client of the process starts from.

use std::sync::Arc;

use super::{CaFile, HttpError, ProxyRules, tls};

/// Proxies and certificates of outgoing connections. The default is no proxy, and the operating
/// system's certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct HttpSettings {
    /// Which requests go through which proxy.
    pub proxies: ProxyRules,
    /// Certificates trusted beside the operating system's.
    pub extra_ca_certs: Vec<CaFile>,
}

impl HttpSettings {
    /// A client builder with these proxies and certificates: HTTP/2 and HTTP/1.1, TLS by rustls
    /// with ring. The environment is not read again.
    ///
    /// # Errors
    /// A certificate file that cannot be used, or a machine without any trusted certificates.
    pub fn client_builder(&self) -> Result<reqwest::ClientBuilder, HttpError> {
        let mut tls = (*self.tls_config()?).clone();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        self.proxies.apply(reqwest::Client::builder().tls_backend_preconfigured(tls))
    }

    /// The TLS configuration of [`Self::client_builder`], without ALPN: for connections that are
    /// not HTTP. It is built once per process and shared.
    ///
    /// # Errors
    /// As [`Self::client_builder`].
    pub fn tls_config(&self) -> Result<Arc<rustls::ClientConfig>, HttpError> {
        tls::shared(&self.extra_ca_certs)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn with_ca(path: PathBuf) -> HttpSettings {
        let origin = "extraCaCerts[0]".to_owned();
        HttpSettings { extra_ca_certs: vec![CaFile { path, origin }], ..HttpSettings::default() }
    }

    #[test]
    fn the_certificates_are_loaded_once() {
        let settings = HttpSettings::default();
        let (Ok(first), Ok(second)) = (settings.tls_config(), settings.tls_config()) else {
            return; // a machine without certificates
        };
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn certificate_files_that_do_not_serve_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let missing = with_ca(dir.path().join("missing.pem")).tls_config().unwrap_err();
        let empty = dir.path().join("empty.pem");
        std::fs::write(&empty, "hello\n").unwrap();
        let empty = with_ca(empty).tls_config().unwrap_err();
        let broken = dir.path().join("broken.pem");
        std::fs::write(
            &broken,
            "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
        )
        .unwrap();
        let broken = with_ca(broken).tls_config().unwrap_err();
        let all = [missing, empty, broken].map(|error| error.to_string()).join("\n");
        let all = all.replace(&dir.path().display().to_string(), "DIR");
        insta::assert_snapshot!(all);
    }
}
