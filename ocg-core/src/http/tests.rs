//! HTTP settings against real sockets: a TLS server with a certificate authority of its own, and
//! a proxy.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

/// Reads the head of a request and answers it with itself.
async fn echo_head(mut socket: impl AsyncRead + AsyncWrite + Unpin) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = socket.read_u8().await else { return };
        head.push(byte);
    }
    let start =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", head.len());
    let _ = socket.write_all(&[start.as_bytes(), &head].concat()).await;
    let _ = socket.shutdown().await;
}

async fn get(settings: &HttpSettings, url: &str) -> Result<String, reqwest::Error> {
    let client = settings.client_builder().unwrap().build()?;
    client.get(url).send().await?.text().await
}

#[tokio::test]
async fn a_private_certificate_authority_is_trusted_when_it_is_named() {
    let issued = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(issued.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![issued.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/hello", listener.local_addr().unwrap().port());
    let server = tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            if let Ok(socket) = acceptor.accept(socket).await {
                echo_head(socket).await;
            }
        }
    });

    let error = get(&HttpSettings::default(), &url).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ca.pem");
    std::fs::write(&path, issued.cert.pem()).unwrap();
    let extra_ca_certs = vec![CaFile { path, origin: "extraCaCerts[0]".to_owned() }];
    let settings = HttpSettings { extra_ca_certs, ..HttpSettings::default() };
    let answer = get(&settings, &url).await.unwrap();
    assert!(answer.starts_with("GET /hello"), "{answer}");
    server.abort();
}

#[tokio::test]
async fn requests_go_through_the_proxy_unless_excepted() {
    let serve = async || {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                echo_head(socket).await;
            }
        });
        (address, server)
    };
    let (proxy, proxy_server) = serve().await;
    let (target, target_server) = serve().await;
    let url = format!("http://{target}/x");
    let proxy_url = || format!("http://me:pass@{proxy}").parse::<ProxyUrl>().unwrap();
    let first_line = async |proxies: ProxyRules| {
        let settings = HttpSettings { proxies, ..HttpSettings::default() };
        get(&settings, &url).await.unwrap()
    };

    let direct = first_line(ProxyRules::default()).await;
    assert!(direct.starts_with("GET /x HTTP/1.1"), "{direct}");
    let proxied = first_line(ProxyRules::all(proxy_url(), None)).await;
    assert!(proxied.starts_with(&format!("GET {url} HTTP/1.1")), "{proxied}");
    assert!(proxied.contains("proxy-authorization: Basic bWU6cGFzcw=="), "{proxied}");
    let excepted = first_line(ProxyRules::all(proxy_url(), Some("127.0.0.0/8".into()))).await;
    assert!(excepted.starts_with("GET /x"), "{excepted}");
    for no_proxy in [None, Some("other.example".to_owned())] {
        let env = ProxyRules { loopback_direct: true, ..ProxyRules::all(proxy_url(), no_proxy) };
        let loopback = first_line(env).await;
        assert!(loopback.starts_with("GET /x"), "{loopback}");
    }
    proxy_server.abort();
    target_server.abort();
}
