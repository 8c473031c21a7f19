use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Redirect;
use axum::routing::{any, get};
use futures::stream;
use serde_json::{Value, json};

use crate::isolate::IsolateError;
use crate::testing::Plugin;

async fn server() -> SocketAddr {
    let endless = || async {
        let first = stream::once(async { Ok::<_, std::io::Error>("first") });
        Body::from_stream(futures::StreamExt::chain(first, stream::pending()))
    };
    let echo = |request: Request| async move {
        let method = request.method().to_string();
        let type_of = |headers: &HeaderMap, name: &str| {
            headers.get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        let content_type = type_of(request.headers(), "content-type");
        let authorization = type_of(request.headers(), "authorization");
        let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        axum::Json(json!([method, content_type, authorization, text]))
    };
    let app = Router::new()
        .route("/text", get(|| async { ([("x-a", "1"), ("set-cookie", "c=1")], "hallo") }))
        .route("/missing", get(|| async { (StatusCode::NOT_FOUND, "nothing here") }))
        .route("/echo", any(echo))
        .route("/to-echo", any(|| async { Redirect::to("/echo") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route(
            "/to-metadata",
            get(|| async { Redirect::temporary("http://169.254.169.254/latest") }),
        )
        .route("/endless", get(endless))
        .route("/silent", get(|| async { std::future::pending::<&str>().await }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// Answers one request with less than it announced.
async fn broken_server() -> SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        assert!(connection.read(&mut [0; 4096]).await.unwrap() > 0);
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\npart";
        connection.write_all(answer).await.unwrap();
    });
    address
}

/// Runs `body` with `url(path)` for the server's addresses and `fails(promise)` for errors.
async fn run_on(address: SocketAddr, net: &[String], body: &str) -> Value {
    let source = format!(
        "const url = (path) => 'http://{address}' + path;
         const fails = (promise) => promise.then(() => 'no error', (e) => [e.name, e.message, e.cause?.code ?? null, e instanceof Error]);
         export default async () => {{ {body} }}"
    );
    let mut plugin = Plugin::new(&[("main.mjs", &source)]);
    plugin.net = net.to_vec();
    match plugin.run().await {
        Ok(value) => value,
        Err(IsolateError::Exception(error)) => panic!("{}\n{}", error.message, error.stack),
        Err(error) => panic!("{error}"),
    }
}

async fn run(body: &str) -> Value {
    run_on(server().await, &["127.0.0.1".to_owned()], body).await
}

#[tokio::test]
async fn a_response_shows_status_headers_and_body() {
    let body = "const r = await fetch(url('/text')); const m = await fetch(url('/missing'));
        return [r.status, r.ok, r.statusText, r.headers.get('X-A'), r.headers.getSetCookie(), r.url === url('/text'), r.redirected, await r.text(), r.bodyUsed, m.ok, m.status, await m.text()];";
    assert_eq!(
        run(body).await,
        json!([
            200,
            true,
            "OK",
            "1",
            ["c=1"],
            true,
            false,
            "hallo",
            true,
            false,
            404,
            "nothing here"
        ])
    );
}

#[tokio::test]
async fn bodies_are_read_in_every_way() {
    let body = "const get = () => fetch(url('/text'));
        const chunks = []; for await (const chunk of (await get()).body) chunks.push(chunk.length);
        const r = await get(); const copy = r.clone();
        return [[...new Uint8Array(await (await get()).arrayBuffer())], (await (await get()).bytes()).length, (await (await get()).blob()).size, chunks, await r.text(), await copy.text(),
            await fails((await get()).json()).then((e) => e[0]), (await (await fetch(url('/echo'))).json())[0]];";
    assert_eq!(
        run(body).await,
        json!([[104, 97, 108, 108, 111], 5, 5, [5], "hallo", "hallo", "SyntaxError", "GET"])
    );
}

#[tokio::test]
async fn bodies_are_sent_in_every_way() {
    let body = "const post = async (body, headers) => (await fetch(url('/echo'), { method: 'post', body, headers, duplex: 'half' })).json();
        const form = new FormData(); form.append('a', 'b'); form.append('f', new Blob(['file']), 'n.txt');
        const sent = await post(form);
        return [await post('text'), await post(Buffer.from('buf')), await post(new URLSearchParams({ q: 'ä' })), await post(new Blob(['bl'], { type: 'x/y' })),
            await post(ReadableStream.from([new Uint8Array([115]), new Uint8Array([116])])), await post('{}', { 'content-type': 'application/json', Authorization: 'k' }),
            sent[1].startsWith('multipart/form-data; boundary='), sent[3].includes('filename=\"n.txt\"')];";
    assert_eq!(
        run(body).await,
        json!([
            ["POST", "text/plain;charset=UTF-8", null, "text"],
            ["POST", null, null, "buf"],
            ["POST", "application/x-www-form-urlencoded;charset=UTF-8", null, "q=%C3%A4"],
            ["POST", "x/y", null, "bl"],
            ["POST", null, null, "st"],
            ["POST", "application/json", "k", "{}"],
            true,
            true
        ])
    );
}

#[tokio::test]
async fn redirects_are_followed_shown_or_refused() {
    let body = "const r = await fetch(url('/to-echo'), { method: 'POST', body: 'x' });
        const m = await fetch(url('/to-echo'), { redirect: 'manual' });
        return [r.redirected, r.url === url('/echo'), await r.json(), m.status, m.headers.get('location'),
            await fails(fetch(url('/to-echo'), { redirect: 'error' })), await fails(fetch(url('/loop')))];";
    assert_eq!(
        run(body).await,
        json!([
            true,
            true,
            ["GET", null, null, ""],
            303,
            "/echo",
            ["TypeError", "fetch failed", "UND_ERR_REDIRECT", true],
            ["TypeError", "fetch failed", "UND_ERR_REDIRECT", true]
        ])
    );
}

#[tokio::test]
async fn an_abort_ends_request_and_body() {
    let body = "const c = new AbortController();
        const waiting = fails(fetch(url('/silent'), { signal: c.signal }));
        setTimeout(() => c.abort(), 5);
        const d = new AbortController();
        const r = await fetch(url('/endless'), { signal: d.signal });
        const reader = r.body.getReader();
        const first = new TextDecoder().decode((await reader.read()).value);
        const rest = fails(reader.read());
        d.abort(new Error('enough'));
        const before = fails(fetch(url('/text'), { signal: AbortSignal.abort() }));
        const timed = fails(fetch(url('/silent'), { signal: AbortSignal.timeout(5) }));
        return [await waiting, first, await rest, await before, await timed];";
    assert_eq!(
        run(body).await,
        json!([
            ["AbortError", "This operation was aborted", null, true],
            "first",
            ["Error", "enough", null, true],
            ["AbortError", "This operation was aborted", null, true],
            ["TimeoutError", "The operation was aborted due to timeout", null, true]
        ])
    );
}

#[tokio::test]
async fn failures_have_the_codes_of_node() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let broken = broken_server().await;
    let body = format!(
        "return [await fails(fetch('http://{closed}/')), await fails(fetch('http://no-such-host.invalid/')),
            await fails(fetch('http://{broken}/').then((r) => r.text())), await fails(fetch('nonsense')), await fails(fetch('ftp://x.example/'))];"
    );
    assert_eq!(
        run(&body).await,
        json!([
            ["TypeError", "fetch failed", "ECONNREFUSED", true],
            ["TypeError", "fetch failed", "ENOTFOUND", true],
            ["TypeError", "terminated", "UND_ERR_SOCKET", true],
            ["TypeError", "Failed to parse URL from nonsense", "ERR_INVALID_URL", true],
            ["TypeError", "fetch failed", null, true]
        ])
    );
}

#[tokio::test]
async fn forbidden_hosts_are_refused_with_the_line_that_would_permit_them() {
    let address = server().await;
    let body = "const e = await fetch(url('/text')).catch((e) => e); return [e.message, e.cause.code, e.cause.message];";
    let refused = run_on(address, &[], body).await;
    assert_eq!(refused[0], "fetch failed");
    assert_eq!(refused[1], "ERR_ACCESS_DENIED");
    let message = refused[2].as_str().unwrap();
    assert!(message.contains("to plugins.\"test-plugin\".permissions in ocg.json"), "{message}");

    // A name that leads to a private address, and a redirect to one that nothing opens.
    let port = address.port();
    let body = format!(
        "return [await fails(fetch('http://localhost:{port}/text')), await fails(fetch(url('/to-metadata')))];"
    );
    assert_eq!(
        run_on(address, &["127.0.0.1".to_owned()], &body).await[1],
        json!(["TypeError", "fetch failed", "ERR_ACCESS_DENIED", true])
    );
    assert_eq!(
        run_on(
            address,
            &[],
            &format!("return await fails(fetch('http://localhost:{port}/text'));")
        )
        .await,
        json!(["TypeError", "fetch failed", "ERR_ACCESS_DENIED", true])
    );
}

#[tokio::test]
async fn a_body_beyond_the_memory_limit_is_refused() {
    let flood = || async {
        Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 1 << 20])))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/", get(flood));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let source = format!(
        "export default () => fetch('http://{address}/').then((r) => r.text()).catch((e) => e.cause.code)"
    );
    let mut plugin = Plugin::new(&[("main.mjs", &source)]);
    plugin.net = vec!["127.0.0.1".into()];
    plugin.limits.memory = 32 << 20;
    assert_eq!(plugin.run().await.unwrap(), json!("UND_ERR_RES_EXCEEDED_MAX_SIZE"));
}

#[tokio::test]
async fn the_package_undici_is_fetch_with_its_own_shape() {
    let body = "const { Agent, ProxyAgent, EnvHttpProxyAgent, fetch: own, request, setGlobalDispatcher, errors } = await import('undici');
        setGlobalDispatcher(new EnvHttpProxyAgent());
        const r = await request(url('/echo'), { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
        const moved = await request(url('/to-echo'));
        const proxied = await own(url('/text'), { dispatcher: new ProxyAgent('http://proxy.example:1') }).catch((e) => [e.code, e.message.includes('ocg.json')]);
        const late = await request(url('/silent'), { headersTimeout: 5 }).catch((e) => [e.code, e instanceof errors.UndiciError]);
        return [r.statusCode, await r.body.json(), moved.statusCode, moved.headers.location, await (await own(url('/text'), { dispatcher: new Agent() })).text(), proxied, late,
            await request('http://127.0.0.1:1/').catch((e) => e.code)];";
    assert_eq!(
        run(body).await,
        json!([
            200,
            ["POST", "application/json", null, "{}"],
            303,
            "/echo",
            "hallo",
            ["UND_ERR_NOT_SUPPORTED", true],
            ["UND_ERR_HEADERS_TIMEOUT", true],
            "ECONNREFUSED"
        ])
    );
}
