//! A certificate authority for one test, as a company's own CA would be.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tempfile::NamedTempFile;
use tokio_rustls::TlsAcceptor;

/// A CA whose certificate lies in a PEM file, for `extraCaCerts` and the like.
#[derive(Debug)]
pub struct Authority {
    pem: NamedTempFile,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new CA with a new key.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "OCG test CA");
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
        let certificate = params.self_signed(&key).unwrap();
        let pem = NamedTempFile::with_suffix(".pem").unwrap();
        std::fs::write(pem.path(), certificate.pem()).unwrap();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// The CA certificate's file; it lives as long as this value.
    pub fn pem_file(&self) -> &Path {
        self.pem.path()
    }

    /// Serves TLS as any of `hosts`.
    pub fn acceptor(&self, hosts: &[&str]) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}
