//! The certificates that outgoing connections trust.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

use super::HttpError;

/// A PEM file with certificates to trust beside the operating system's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaFile {
    /// The file.
    pub path: PathBuf,
    /// The setting or the environment variable that names it, for error messages.
    pub origin: String,
}

/// Reading the system's store costs milliseconds and its parsed form hundreds of kilobytes, so
/// all clients with the same extra certificates share one.
static CONFIGS: LazyLock<Mutex<HashMap<Vec<CaFile>, Arc<ClientConfig>>>> =
    LazyLock::new(Mutex::default);

/// The TLS configuration that trusts the operating system and `extra`, without ALPN.
pub(super) fn shared(extra: &[CaFile]) -> Result<Arc<ClientConfig>, HttpError> {
    let mut configs = CONFIGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(config) = configs.get(extra) {
        return Ok(Arc::clone(config));
    }
    let config = Arc::new(build(extra)?);
    configs.insert(extra.to_vec(), Arc::clone(&config));
    Ok(config)
}

fn build(extra: &[CaFile]) -> Result<ClientConfig, HttpError> {
    let mut roots = Vec::new();
    for file in extra {
        roots.extend(read(file)?);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    // On Linux this reads the system's store as rustls-native-certs does, `SSL_CERT_FILE` included.
    let verifier =
        Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).map_err(HttpError::NoRoots)?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(HttpError::Tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn read(file: &CaFile) -> Result<Vec<CertificateDer<'static>>, HttpError> {
    let CaFile { path, origin } = file;
    let pem = std::fs::read(path).map_err(|source| HttpError::CaUnreadable {
        path: path.clone(),
        origin: origin.clone(),
        source,
    })?;
    let invalid = |reason: String| HttpError::CaInvalid {
        path: path.clone(),
        origin: origin.clone(),
        reason,
    };
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| invalid(error.to_string()))?;
    if certificates.is_empty() {
        return Err(invalid("no certificate in it".to_owned()));
    }
    // Checked here, because the verifier's own error would not name the file.
    let mut check = rustls::RootCertStore::empty();
    for certificate in &certificates {
        check.add(certificate.clone()).map_err(|error| invalid(error.to_string()))?;
    }
    Ok(certificates)
}
