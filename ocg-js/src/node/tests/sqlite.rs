//! `node:sqlite`, which the Node that records vectors may lack.

use serde_json::json;

use std::time::Duration;

use crate::isolate::IsolateEnd;
use crate::testing::{Plugin, eval};

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    let source = r#"
        import { DatabaseSync } from "node:sqlite";
        import fs from "node:fs";
        import os from "node:os";
        import path from "node:path";
        export default () => {
            fs.mkdirSync(os.tmpdir(), { recursive: true });
            const file = path.join(os.tmpdir(), "a.db");
            const db = new DatabaseSync(file);
            db.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, n, s TEXT, b BLOB)");
            const insert = db.prepare("INSERT INTO t (n, s, b) VALUES (:n, $s, ?)");
            const first = insert.run({ n: 1.5, $s: "é" }, new Uint8Array([1, 255]));
            const second = db.prepare("INSERT INTO t (n, s, b) VALUES (?, ?, ?)").run(2n ** 60n, null, null);
            const all = db.prepare("SELECT n, s, b FROM t WHERE id = ?");
            const row = all.get(1);
            const big = db.prepare("SELECT n FROM t WHERE id = 2");
            const refused = (() => { try { big.get(); } catch (error) { return error.code; } })();
            big.setReadBigInts(true);
            const out = [
                first, second.changes, row, [...row.b], Object.getPrototypeOf(row), refused, String(big.get().n),
                all.get(9), db.prepare("SELECT id FROM t ORDER BY id").all().map((r) => r.id),
                [...db.prepare("SELECT id FROM t ORDER BY id").iterate()].length,
                db.prepare("PRAGMA journal_mode").get().journal_mode, db.location() === file, db.isOpen,
            ];
            db.close();
            return [...out, db.isOpen, fs.existsSync(file)];
        }"#;
    let answer = eval(source).await;
    let row = json!({ "n": 1.5, "s": "é", "b": { "0": 1, "1": 255 } });
    assert_eq!(
        answer,
        json!([
            { "changes": 1, "lastInsertRowid": 1 }, 1, row, [1, 255], null, "ERR_OUT_OF_RANGE",
            "1152921504606846976", null, [1, 2], 2, "wal", true, true, false, true
        ])
    );
}

#[tokio::test]
async fn errors_say_what_sqlite_says() {
    let source = r#"
        import { DatabaseSync } from "node:sqlite";
        export default () => {
            const db = new DatabaseSync(":memory:");
            db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE)");
            db.exec("INSERT INTO t VALUES (1, 'x')");
            const errors = [];
            for (const work of [
                () => db.exec("SELEC 1"),
                () => db.prepare("INSERT INTO t VALUES (2, 'x')").run(),
                () => db.prepare("SELECT :a").get({ b: 1 }),
                () => db.prepare("SELECT ?").get({}, Symbol("s")),
                () => db.prepare("SELECT ?").get(1, 2),
                () => { db.close(); db.exec("SELECT 1"); },
            ]) {
                try { work(); errors.push("done"); } catch (error) { errors.push([error.code, error.errcode ?? 0, error.message]); }
            }
            return errors;
        }"#;
    assert_eq!(
        eval(source).await,
        json!([
            ["ERR_SQLITE_ERROR", 1, "near \"SELEC\": syntax error"],
            ["ERR_SQLITE_ERROR", 2067, "UNIQUE constraint failed: t.u"],
            ["ERR_INVALID_STATE", 0, "Unknown named parameter 'b'"],
            ["ERR_INVALID_ARG_TYPE", 0, "Provided value cannot be bound to SQLite parameter 1."],
            ["ERR_SQLITE_ERROR", 25, "column index out of range"],
            ["ERR_INVALID_STATE", 0, "database is not open"],
        ])
    );
}

#[tokio::test]
async fn a_query_that_never_ends_is_stopped_by_the_deadline() {
    let source = r#"
        import { DatabaseSync } from "node:sqlite";
        export default () => {
            const db = new DatabaseSync(":memory:");
            db.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
        }"#;
    let mut plugin = Plugin::new(&[("main.mjs", source)]);
    plugin.limits.sync_deadline = Duration::from_millis(200);
    let isolate = plugin.start().await;
    let path = plugin.path().join("main.mjs");
    isolate.call("run", json!({ "path": path })).await.unwrap_err();
    assert!(matches!(isolate.closed().await, IsolateEnd::Interrupted { .. }));
}

#[tokio::test]
async fn a_database_in_memory_is_no_larger_than_the_isolate() {
    let source = r#"
        import { DatabaseSync } from "node:sqlite";
        export default () => {
            const db = new DatabaseSync(":memory:");
            db.exec("PRAGMA max_page_count = 1000000; CREATE TABLE t (b)");
            const refused = [];
            for (const work of [
                () => { for (let at = 0; at < 100; at++) db.exec("INSERT INTO t VALUES (zeroblob(1000000))"); },
                () => db.exec("SELECT zeroblob(100000000)"),
                () => db.exec("ATTACH ':memory:' AS more"),
            ]) {
                try { work(); refused.push("done"); } catch (error) { refused.push(error.message); }
            }
            return refused;
        }"#;
    let mut plugin = Plugin::new(&[("main.mjs", source)]);
    plugin.limits.memory = 32 << 20;
    assert_eq!(
        plugin.run().await.unwrap(),
        json!(["database or disk is full", "string or blob too big", "not authorized"])
    );
}
