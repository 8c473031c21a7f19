//! Isolates that die with everything open: the process and other isolates live on.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::isolate::{IsolateEnd, IsolateError, Limits};
use crate::testing::{Plugin, eval};

/// Leaves a request, a response, timers, a statement, files and streams in the middle.
const OPEN: &str = "
import { DatabaseSync } from 'node:sqlite';
import { createReadStream, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, pipeline } from 'node:stream';
import { gzip, createGunzip } from 'node:zlib';
import { pbkdf2 } from 'node:crypto';

export default async () => {
  const held = (globalThis.held = []);
  fetch(`${SERVER}/silent`).catch(() => {});
  const response = await fetch(`${SERVER}/half`);
  const reader = response.body.getReader();
  await reader.read();
  held.push(reader, reader.read());
  held.push(fetch(`${SERVER}/silent`, { method: 'POST', body: new ReadableStream({ pull: () => new Promise(() => {}) }), duplex: 'half' }));
  setInterval(() => held.push(held.length), 1);
  setTimeout(() => {}, 60_000);
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
  const rows = database.prepare('SELECT x FROM t').iterate();
  held.push(database, rows, rows.next());
  held.push(openSync(import.meta.filename), await open(import.meta.filename));
  const file = createReadStream(import.meta.filename);
  held.push(file, pipeline(file, createGunzip(), new PassThrough(), () => {}));
  gzip('x'.repeat(1 << 20), () => {});
  pbkdf2('x', 'y', 1000, 32, 'sha256', () => {});
  hostCall('sleep', 60_000).catch(() => {});
  const circle = { reader, rows, response };
  circle.circle = circle;
  held.push(circle, new WeakRef(circle), new FinalizationRegistry(() => {}));
  (async () => { for await (const chunk of process.stdin) held.push(chunk); })();
  DIE
};
";

/// Sends half a response to `/half` and nothing to anything else.
async fn server() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut connections = Vec::new();
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let length = connection.read(&mut request).await.unwrap();
            if request[..length].starts_with(b"GET /half") {
                let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
                connection.write_all(half).await.unwrap();
            }
            connections.push(connection);
        }
    });
    address
}

async fn dies(how: &str) -> IsolateEnd {
    let server = server().await;
    let source = OPEN.replace("SERVER", &format!("'http://{server}'")).replace("DIE", how);
    let mut plugin = Plugin::new(&[("main.mjs", &source)]);
    plugin.net = vec!["127.0.0.1".into()];
    plugin.limits =
        Limits { memory: 64 << 20, sync_deadline: Duration::from_secs(1), ..plugin.limits };
    match plugin.run().await {
        Err(IsolateError::Ended(end)) => end,
        other => panic!("{how}: {other:?}"),
    }
}

#[tokio::test]
async fn an_isolate_dies_alone() {
    let deaths = [
        "for (;;) {}",
        "for (;;) held.push(new Array(1000).fill({}));",
        "for (;;) held.push(new Uint8Array(1 << 20));",
        "for (;;) held.push('x'.repeat(1 << 20) + held.length);",
        "hostNotify('panic');",
        "await null; setImmediate(() => hostNotify('panic')); await new Promise(() => {});",
        "process.exit(1);",
    ];
    for how in deaths {
        let end = dies(how).await;
        let expected = match &end {
            IsolateEnd::Interrupted { .. } => how == deaths[0],
            IsolateEnd::OutOfMemory { .. } => deaths[1..4].contains(&how),
            IsolateEnd::Panicked { .. } => deaths[4..6].contains(&how),
            IsolateEnd::Exited { .. } => how == deaths[6],
            IsolateEnd::Stopped { .. } => false,
        };
        assert!(expected, "{how}: {end}");
    }
    assert_eq!(eval("export default 'alive'").await, json!("alive"));
}

#[tokio::test]
async fn a_stopped_isolate_leaves_nothing_behind() {
    let server = server().await;
    let source =
        OPEN.replace("SERVER", &format!("'http://{server}'")).replace("DIE", "return 'open';");
    let mut plugin = Plugin::new(&[("main.mjs", &source)]);
    plugin.net = vec!["127.0.0.1".into()];
    let isolate = plugin.start().await;
    let path = plugin.path().join("main.mjs");
    assert_eq!(isolate.call("run", json!({ "path": path })).await.unwrap(), json!("open"));
    isolate.stop().await;
    assert_eq!(eval("export default 'alive'").await, json!("alive"));
}

/// Deep input must not overrun the stack of the thread, which nobody could contain.
#[tokio::test]
async fn deep_input_is_an_error() {
    let source = "export default () => {
        const attempt = (work) => { try { work(); return 'fine'; } catch (error) { return error.name; } };
        let deep = [];
        for (let i = 0; i < 1e6; i++) deep = [deep];
        return [
            attempt(() => JSON.parse('['.repeat(1e6))),
            attempt(() => JSON.stringify(deep)),
            attempt(() => new Function('('.repeat(1e6))),
            attempt(() => new RegExp('('.repeat(1e6))),
            attempt(() => structuredClone(deep)),
            attempt(() => hostNotify('deep', JSON.parse('['.repeat(1000) + ']'.repeat(1000)))),
        ];
    }";
    let names = eval(source).await;
    let names: Vec<&str> = names.as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    assert!(names.iter().all(|name| name.ends_with("Error")), "{names:?}");
}

#[tokio::test]
async fn bytes_from_rust_count_towards_the_memory_limit() {
    let mut plugin = Plugin::new(&[(
        "main.mjs",
        "import { readFileSync } from 'node:fs';
         export default () => { const all = []; for (;;) all.push(readFileSync(`${import.meta.dirname}/file`)); }",
    )]);
    std::fs::write(plugin.path().join("file"), vec![0; 1 << 20]).unwrap();
    plugin.limits = Limits { memory: 32 << 20, ..plugin.limits };
    let error = plugin.run().await.unwrap_err();
    insta::assert_snapshot!(error, @"plugin test-plugin used up its memory limit of 32 MiB; update it or report it to its authors");
}

#[tokio::test]
async fn what_is_larger_than_the_memory_is_refused_before_it_is_read() {
    let source = "import { readFileSync } from 'node:fs';
        import { readFile } from 'node:fs/promises';
        import { gunzipSync } from 'node:zlib';
        import { pbkdf2Sync } from 'node:crypto';
        const file = (name) => `${import.meta.dirname}/${name}`;
        const attempt = async (work) => { try { return (await work()).length; } catch (error) { return `${error.code} ${error.message}`.replace(import.meta.dirname, ''); } };
        export default () => Promise.all([
            () => readFileSync(file('large')),
            () => readFile(file('large'), 'utf8'),
            () => gunzipSync(readFileSync(file('bomb.gz'))),
            () => pbkdf2Sync('x', 'y', 1, 1 << 30, 'sha256'),
        ].map(attempt));";
    let mut plugin = Plugin::new(&[("main.mjs", source)]);
    let large = std::fs::File::create(plugin.path().join("large")).unwrap();
    large.set_len(1 << 40).unwrap();
    let bomb = std::fs::File::create(plugin.path().join("bomb.gz")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(bomb, flate2::Compression::best());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), 64 << 20), &mut gzip).unwrap();
    gzip.finish().unwrap();
    plugin.limits = Limits { memory: 32 << 20, ..plugin.limits };
    insta::assert_json_snapshot!(plugin.run().await.unwrap(), @r#"
    [
      "EFBIG EFBIG: file too large, open '/large'",
      "EFBIG EFBIG: file too large, open '/large'",
      "ERR_BUFFER_TOO_LARGE the output is larger than the memory limit of the plugin",
      "ERR_OUT_OF_RANGE keylen is larger than the memory limit of the plugin"
    ]
    "#);
}
