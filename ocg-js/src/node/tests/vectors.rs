//! The scripts of `tests/node_vectors`, whose answers `tests/record_node_vectors.mjs` took from
//! Node, run here and must answer the same.

use serde_json::{Map, Value, json};

use crate::testing::eval_with_net;

const SHOW: &str = include_str!("../../../tests/node_vectors/show.js");

async fn replay(file: &str) {
    let path = format!("{}/tests/node_vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let vectors: Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let scripts = vectors.keys().map(|script| json!(script).to_string());
    let bodies: Vec<String> = vectors
        .keys()
        .zip(scripts)
        .map(|(script, name)| format!("[{name}, async (use, dir, Buffer) => {{ {script}\n}}]"))
        .collect();
    let source = format!(
        r#"
        import fs from "node:fs";
        import os from "node:os";
        import path from "node:path";
        {SHOW}
        const scripts = [{}];
        export default async () => {{
            const answers = {{}};
            fs.mkdirSync(os.tmpdir(), {{ recursive: true }});
            for (const [script, run] of scripts) {{
                const dir = fs.mkdtempSync(path.join(os.tmpdir(), "vectors-"));
                let answer;
                try {{
                    answer = {{ value: show(await run((module) => import(module), dir, Buffer)) }};
                }} catch (error) {{
                    answer = {{ error: show({{ name: error.name, code: error.code, message: error.message, errno: error.errno, syscall: error.syscall, path: error.path, dest: error.dest }}) }};
                }}
                answers[script] = JSON.parse(JSON.stringify(answer).replaceAll(dir, "<dir>"));
            }}
            return answers;
        }}"#,
        bodies.join(",\n")
    );
    let answers = eval_with_net(&source, &["127.0.0.1"]).await;
    let wrong: Vec<String> = vectors
        .iter()
        .filter(|(script, expected)| answers[script.as_str()] != **expected)
        .map(|(script, expected)| {
            format!("{script}\n   node: {expected}\n   ours: {}", answers[script.as_str()])
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

macro_rules! replays {
    ($($file:ident),+ $(,)?) => { $(#[tokio::test] async fn $file() { replay(stringify!($file)).await; })+ };
}

replays!(
    assert,
    async_hooks,
    buffer,
    crypto,
    crypto_keys,
    diagnostics_channel,
    dns,
    events,
    fs,
    http,
    inspect,
    intl,
    module,
    net,
    os,
    path,
    perf_hooks,
    process,
    punycode,
    querystring,
    readline,
    sqlite,
    stream,
    string_decoder,
    timers,
    url,
    util,
    webcrypto,
    worker_threads,
    zlib
);
