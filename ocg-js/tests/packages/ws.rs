//! `ws`, as the DingTalk plugin brings it.

use ocg_core::http::HttpSettings;
use serde_json::json;

#[tokio::test]
async fn clients_talk_ping_compress_close_and_notice_a_drop() {
    let script = r#"
        import http from "node:http";
        import WebSocket, { WebSocketServer } from "ws";
        const server = http.createServer();
        const sockets = new WebSocketServer({ server, perMessageDeflate: true });
        sockets.on("connection", (socket) => socket.on("message", (data, binary) => {
            if (String(data) === "drop") socket.terminate();
            else socket.send(binary ? data : `got ${data.length}`);
        }));
        await new Promise((done) => server.listen(0, "127.0.0.1", done));
        const url = `ws://127.0.0.1:${server.address().port}/`;
        for (const perMessageDeflate of [false, true]) {
            const client = new WebSocket(url, { perMessageDeflate });
            await new Promise((done) => client.on("open", done));
            const answer = () => new Promise((done) => client.once("message", (data, binary) => done(binary ? [...data] : String(data))));
            client.send("y".repeat(200000));
            const text = await answer();
            client.send(Buffer.from([1, 2, 3]));
            const bytes = await answer();
            client.ping("p");
            const pong = await new Promise((done) => client.once("pong", (data) => done(String(data))));
            client.close(4001, "done");
            const end = await new Promise((done) => client.on("close", (code, why) => done([code, String(why)])));
            say([client.extensions, text, bytes, pong, end]);
        }
        const client = new WebSocket(url);
        await new Promise((done) => client.on("open", done));
        client.send("drop");
        say(await new Promise((done) => client.on("close", (code) => done(code))));
        say(await new Promise((done) => new WebSocket("ws://127.0.0.1:1/").on("error", (error) => done(error.code))));
        server.close();
    "#;
    let said = super::plugin::run("@soimy/dingtalk@3.6.7", HttpSettings::default(), script).await;
    let talk = |extension: &str| json!([extension, "got 200000", [1, 2, 3], "p", [4001, "done"]]);
    let expected = [talk(""), talk("permessage-deflate"), json!(1006), json!("ECONNREFUSED")];
    assert_eq!(said, expected);
}
