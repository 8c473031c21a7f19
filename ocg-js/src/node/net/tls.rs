//! TLS on a connection: what the plugin wishes, as far as it may, and what was agreed on.

use std::sync::Arc;

use ocg_core::http::{ByteStream, HttpSettings};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;

use super::failure::NetFailure;

/// A handshake to be made.
pub(crate) struct TlsWish {
    config: ClientConfig,
    name: ServerName<'static>,
}

/// What the plugin asks for.
pub(crate) struct TlsOptions {
    pub(crate) server_name: String,
    pub(crate) alpn: Vec<String>,
    /// PEM certificates to trust in place of the gateway's.
    pub(crate) ca: Option<String>,
    /// Already decided: only where the operator opened the host by name or address.
    pub(crate) skip_verification: bool,
}

/// What the handshake agreed on.
pub(crate) struct Secured {
    pub(crate) alpn: Option<String>,
    pub(crate) protocol: Option<&'static str>,
    pub(crate) cipher: Option<String>,
    pub(crate) peer_certificate: Option<Vec<u8>>,
}

impl TlsWish {
    pub(crate) fn new(settings: &HttpSettings, options: &TlsOptions) -> Result<Self, NetFailure> {
        let shared = settings.tls_config().map_err(ocg_core::http::DialError::from)?;
        let mut config = (*shared).clone();
        config.alpn_protocols = options.alpn.iter().map(|name| name.clone().into_bytes()).collect();
        let provider = Arc::clone(config.crypto_provider());
        if options.skip_verification {
            config.dangerous().set_certificate_verifier(Arc::new(AnyCertificate(provider)));
        } else if let Some(pem) = &options.ca {
            config.dangerous().set_certificate_verifier(only(pem, provider)?);
        }
        let name = ServerName::try_from(options.server_name.clone()).map_err(|_| {
            NetFailure::Invalid(format!("{:?} is not a server name", options.server_name))
        })?;
        Ok(Self { config, name })
    }

    pub(crate) async fn handshake(
        self,
        plain: Box<dyn ByteStream>,
    ) -> Result<(Box<dyn ByteStream>, Secured), NetFailure> {
        let connector = TlsConnector::from(Arc::new(self.config));
        let stream = connector.connect(self.name, plain).await.map_err(NetFailure::Tls)?;
        let (_, session) = stream.get_ref();
        let secured = Secured {
            alpn: session.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
            protocol: session.protocol_version().map(|version| match version {
                rustls::ProtocolVersion::TLSv1_2 => "TLSv1.2",
                _ => "TLSv1.3",
            }),
            cipher: session.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite())),
            peer_certificate: session
                .peer_certificates()
                .and_then(|chain| chain.first())
                .map(|certificate| certificate.to_vec()),
        };
        Ok((Box::new(stream), secured))
    }
}

/// Trusts the certificates in `pem` and no others, as Node's `ca` option does.
fn only(pem: &str, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, NetFailure> {
    let invalid = |error: &dyn ToString| {
        NetFailure::Invalid(format!("the option \"ca\" cannot be used: {}", error.to_string()))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| invalid(&error))?;
        roots.add(certificate).map_err(|error| invalid(&error))?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| invalid(&error))
}

/// `rejectUnauthorized: false`.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
