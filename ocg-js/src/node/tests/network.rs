//! TLS and proxies: what `node:tls` and `node:https` do with the gateway's settings.

use std::net::SocketAddr;

use ocg_core::http::{CaFile, HttpSettings, ProxyRules};
use ocg_tests::platforms::authority::Authority;
use ocg_tests::platforms::proxy::Proxy;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::isolate::IsolateError;
use crate::testing::Plugin;

const HOST: &str = "api.chat.example";

/// Answers requests with their first line, over TLS.
async fn serve(authority: &Authority, names: &[&str]) -> SocketAddr {
    let acceptor = authority.acceptor(names);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut socket) = acceptor.accept(socket).await else { return };
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = socket.read_u8().await else { return };
                    head.push(byte);
                }
                let head = String::from_utf8(head).unwrap();
                let line = head.lines().next().unwrap();
                let answer =
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{line}", line.len());
                let _ = socket.write_all(answer.as_bytes()).await;
                let _ = socket.shutdown().await;
            });
        }
    });
    address
}

fn settings(authority: Option<&Authority>, proxy: Option<String>) -> HttpSettings {
    let ca = |authority: &Authority| CaFile {
        path: authority.pem_file().to_owned(),
        origin: "extraCaCerts[0]".to_owned(),
    };
    HttpSettings {
        proxies: proxy.map(|url| ProxyRules::all(url.parse().unwrap(), None)).unwrap_or_default(),
        extra_ca_certs: authority.map(ca).into_iter().collect(),
    }
}

async fn run(http: HttpSettings, net: &[&str], body: &str) -> Value {
    let source = format!(
        r#"
        import https from "node:https";
        import tls from "node:tls";
        import net from "node:net";
        const get = (options) => new Promise((done) => {{
            const req = https.get(options, async (res) => {{
                let body = "";
                for await (const part of res) body += part;
                done([res.statusCode, body, res.socket.authorized]);
            }});
            req.on("error", (error) => done([error.code]));
        }});
        export default async () => {{ {body} }};
        "#
    );
    let mut plugin = Plugin::new(&[("main.mjs", &source)]);
    plugin.net = net.iter().map(ToString::to_string).collect();
    plugin.http = http;
    match plugin.run().await {
        Ok(value) => value,
        Err(IsolateError::Exception(error)) => panic!("{}\n{}", error.message, error.stack),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn https_trusts_what_the_gateway_trusts() {
    let authority = Authority::new();
    let port = serve(&authority, &["127.0.0.1"]).await.port();
    let body = format!("return get({{ host: '127.0.0.1', port: {port}, path: '/x?y' }});");
    let trusted = run(settings(Some(&authority), None), &["127.0.0.1"], &body).await;
    assert_eq!(trusted, json!([200, "GET /x?y HTTP/1.1", true]));
    let refused = run(settings(None, None), &["127.0.0.1"], &body).await;
    assert_eq!(refused, json!(["DEPTH_ZERO_SELF_SIGNED_CERT"]));
}

#[tokio::test]
async fn a_plugin_may_trust_its_own_authority_and_unverified_hosts_that_were_opened() {
    let authority = Authority::new();
    let port = serve(&authority, &["127.0.0.1"]).await.port();
    let pem = json!(std::fs::read_to_string(authority.pem_file()).unwrap());
    let own = format!("return get({{ host: '127.0.0.1', port: {port}, ca: {pem} }});");
    let net = ["127.0.0.1"];
    assert_eq!(run(settings(None, None), &net, &own).await[0], json!(200));
    let unverified =
        format!("return get({{ host: '127.0.0.1', port: {port}, rejectUnauthorized: false }});");
    assert_eq!(run(settings(None, None), &net, &unverified).await[0], json!(200));

    // A public host that no grant names: the wish does not count.
    let routes = [(format!("{HOST}:443"), SocketAddr::from(([127, 0, 0, 1], port)))];
    let proxy = Proxy::start(routes).await;
    let http = settings(None, Some(proxy.http_url()));
    let body = format!("return get({{ host: '{HOST}', rejectUnauthorized: false }});");
    assert_ne!(run(http, &[], &body).await[0], json!(200));
}

#[tokio::test]
async fn public_names_are_reached_through_the_proxy() {
    let authority = Authority::new();
    let address = serve(&authority, &[HOST]).await;
    let proxy = Proxy::start([(format!("{HOST}:443"), address)]).await;
    for url in [proxy.http_url(), proxy.socks_url()] {
        let http = settings(Some(&authority), Some(url));
        let body = format!(
            r#"
            const viaLookup = await get({{ host: "{HOST}", path: "/l", lookup: () => {{ throw new Error("not asked"); }} }});
            const raw = await new Promise((done) => {{
                let all = "";
                const socket = tls.connect(443, "{HOST}", () => socket.write("GET /raw HTTP/1.1\r\n\r\n"));
                socket.on("data", (part) => {{ all += part; }});
                socket.on("end", () => done([all.split("\r\n\r\n")[1], socket.getProtocol(), socket.encrypted]));
                socket.on("error", (error) => done(String(error)));
            }});
            const upgraded = await new Promise((done) => {{
                let all = "";
                const plain = net.connect(443, "{HOST}", () => {{
                    const socket = tls.connect({{ socket: plain, servername: "{HOST}" }}, () => socket.write("GET /up HTTP/1.1\r\n\r\n"));
                    socket.on("data", (part) => {{ all += part; }});
                    socket.on("end", () => done(all.split("\r\n\r\n")[1]));
                    socket.on("error", (error) => done(String(error)));
                }});
            }});
            const closed = await get({{ host: "other.chat.example" }});
            return [await get("https://{HOST}/p"), viaLookup, raw, upgraded, closed];
            "#
        );
        assert_eq!(
            run(http, &[], &body).await,
            json!([
                [200, "GET /p HTTP/1.1", true],
                [200, "GET /l HTTP/1.1", true],
                ["GET /raw HTTP/1.1", "TLSv1.3", true],
                "GET /up HTTP/1.1",
                ["ERR_PROXY_TUNNEL"]
            ])
        );
    }
}

#[tokio::test]
async fn sockets_and_listeners_obey_the_permit() {
    let body = r#"
        const fails = (socket) => new Promise((done) => socket.on("error", (error) => done(error.code)));
        const listens = (host) => new Promise((done) => {
            const server = net.createServer();
            server.on("error", (error) => done([error.code, error.message.includes("0.0.0.0")]));
            server.listen(0, host, () => server.close(() => done("open")));
        });
        return [
            await fails(net.connect(1, "127.0.0.1")),
            await fails(tls.connect(1, "localhost")),
            await fails(net.connect(80, "169.254.169.254")),
            await fails(net.connect("/run/docker.sock")),
            await listens("127.0.0.1"), await listens("0.0.0.0"),
        ];"#;
    let denied = "ERR_ACCESS_DENIED";
    let expected = json!([denied, denied, denied, denied, "open", [denied, true]]);
    assert_eq!(run(HttpSettings::default(), &[], body).await, expected);
    let opened = run(HttpSettings::default(), &["0.0.0.0"], body).await;
    assert_eq!(opened[5], json!("open"));
}
