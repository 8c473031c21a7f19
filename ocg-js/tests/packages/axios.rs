//! `axios` with its http adapter and `form-data`, as the DingTalk plugin brings them.

use ocg_core::http::HttpSettings;
use serde_json::json;

#[tokio::test]
async fn requests_forms_streams_redirects_and_errors() {
    let script = r#"
        import http from "node:http";
        import { createRequire } from "node:module";
        import zlib from "node:zlib";
        const require = createRequire(import.meta.url);
        const axios = require("axios");
        const FormData = require("form-data");
        const echo = (req, res, body) => {
            res.setHeader("content-type", "application/json");
            res.end(JSON.stringify([req.method, body.length, body.includes('filename="a.txt"')]));
        };
        const pages = {
            "/moved": (req, res) => res.writeHead(302, { location: "/echo" }).end(),
            "/tea": (req, res) => res.writeHead(418, { "content-type": "application/json" }).end('{"why":"tea"}'),
            "/silent": () => {},
            "/gzip": (req, res) => res.writeHead(200, { "content-encoding": "gzip" }).end(zlib.gzipSync('{"z":1}')),
            "/big": (req, res) => res.end("z".repeat(1000000)),
        };
        const server = http.createServer((req, res) => {
            let body = "";
            req.setEncoding("latin1");
            req.on("data", (part) => { body += part; });
            req.on("end", () => (pages[req.url] ?? echo)(req, res, body));
        });
        await new Promise((done) => server.listen(0, "127.0.0.1", done));
        const api = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}`, adapter: "http" });
        const fails = (promise) => promise.catch((error) => [error.code, error.response?.status ?? null, error.response?.data ?? null]);
        say((await api.get("/echo")).data);
        say((await api.post("/echo", { a: 1 })).data);
        const form = new FormData();
        form.append("f", Buffer.from("data"), { filename: "a.txt" });
        say((await api.post("/echo", form, { headers: form.getHeaders() })).data[2]);
        say((await api.get("/moved")).data);
        say((await api.get("/gzip")).data);
        let length = 0;
        for await (const part of (await api.get("/big", { responseType: "stream" })).data) length += part.length;
        say(length);
        say(await fails(api.get("/tea")));
        say(await fails(api.get("/silent", { timeout: 30 })));
        say(await fails(axios.get("http://127.0.0.1:1/", { adapter: "http" })));
        server.close();
        server.closeAllConnections();
    "#;
    let said = super::plugin::run("@soimy/dingtalk@3.6.7", HttpSettings::default(), script).await;
    let expected = [
        json!(["GET", 0, false]),
        json!(["POST", 7, false]),
        json!(true),
        json!(["GET", 0, false]),
        json!({ "z": 1 }),
        json!(1_000_000),
        json!(["ERR_BAD_REQUEST", 418, { "why": "tea" }]),
        json!(["ECONNABORTED", null, null]),
        json!(["ECONNREFUSED", null, null]),
    ];
    assert_eq!(said, expected);
}
