//! A client of fakes that serve TLS under public names.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use ocg_tests::platforms::authority::Authority;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// Someone who trusts the test's authority and finds the fakes under their public names.
pub(crate) struct Outside {
    http: reqwest::Client,
    tls: TlsConnector,
    addresses: BTreeMap<String, SocketAddr>,
}

impl Outside {
    pub(crate) fn new(
        authority: &Authority,
        routes: impl Iterator<Item = (String, SocketAddr)>,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority.pem_file()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tls = TlsConnector::from(Arc::new(config.clone()));
        let mut http = reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy();
        let mut addresses = BTreeMap::new();
        for (target, address) in routes {
            let host = target.strip_suffix(":443").unwrap().to_owned();
            http = http.resolve(&host, address);
            addresses.insert(host, address);
        }
        Self { http: http.build().unwrap(), tls, addresses }
    }

    /// A request to `https://<url>`.
    pub(crate) fn request(&self, method: &str, url: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("https://{url}"))
    }

    /// Opens the WebSocket `wss://<host><path>`.
    pub(crate) async fn socket(&self, host: &str, path: &str) -> Client {
        let tcp = TcpStream::connect(self.addresses[host]).await.unwrap();
        let name = ServerName::try_from(host.to_owned()).unwrap();
        let tls = self.tls.connect(name, tcp).await.unwrap();
        let url = format!("wss://{host}{path}");
        Client(tokio_tungstenite::client_async(url, tls).await.unwrap().0)
    }
}

/// The client's side of a WebSocket.
pub(crate) struct Client(WebSocketStream<TlsStream<TcpStream>>);

impl Client {
    pub(crate) async fn send(&mut self, value: &Value) {
        self.0.send(Message::text(value.to_string())).await.unwrap();
    }

    /// The next JSON text.
    pub(crate) async fn next(&mut self) -> Value {
        match self.message().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("no text but {other:?}"),
        }
    }

    /// Waits for the end; returns the code, if there was one.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.message().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    async fn message(&mut self) -> Option<Result<Message, tokio_tungstenite::tungstenite::Error>> {
        let soon = Duration::from_secs(20);
        tokio::time::timeout(soon, self.0.next()).await.expect("a message in time")
    }
}

/// Status and JSON body of an answer.
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}
