//! What a plugin may not do, as it sees it.

use serde_json::json;

use crate::testing::eval;

#[tokio::test]
async fn foreign_files_are_refused_with_the_line_that_would_grant_them() {
    let source = r#"
        import fs from "node:fs";
        export default async () => {
            const errors = [];
            const note = (error) => errors.push([error.code, error.syscall, error.path, error.message]);
            try { fs.readFileSync("/etc/passwd", "utf8"); } catch (error) { note(error); }
            await fs.promises.writeFile("/etc/cron.d/x", "x").catch(note);
            try { fs.readFileSync("/proc/self/environ"); } catch (error) { note(error); }
            return [errors, fs.existsSync("/etc/passwd"), await fs.promises.access("/etc/passwd").catch((error) => error.code)];
        }"#;
    let add = |word: &str, path: &str| {
        format!("add \"{word}\": [\"{path}\"] to plugins.\"test-plugin\".permissions in ocg.json")
    };
    let read = format!(
        "reading /etc/passwd is not permitted to plugin test-plugin: {}",
        add("read", "/etc/passwd")
    );
    let write = format!(
        "writing /etc/cron.d/x is not permitted to plugin test-plugin: {}",
        add("write", "/etc/cron.d/x")
    );
    let system = "/proc/self/environ belongs to the operating system and is never open to plugin test-plugin";
    assert_eq!(
        eval(source).await,
        json!([
            [
                ["ERR_ACCESS_DENIED", "open", "/etc/passwd", read],
                ["ERR_ACCESS_DENIED", "open", "/etc/cron.d/x", write],
                ["ERR_ACCESS_DENIED", "open", "/proc/self/environ", system],
            ],
            false,
            "ENOENT"
        ])
    );
}

#[tokio::test]
async fn links_do_not_lead_out() {
    let source = r#"
        import fs from "node:fs";
        import os from "node:os";
        import path from "node:path";
        export default () => {
            fs.mkdirSync(os.tmpdir(), { recursive: true });
            const link = path.join(os.tmpdir(), "way-out");
            fs.symlinkSync("/etc", link);
            const codes = [];
            for (const work of [
                () => fs.readFileSync(path.join(link, "passwd")),
                () => fs.readdirSync(link),
                () => fs.writeFileSync(path.join(link, "x"), "x"),
                () => fs.linkSync("/etc/passwd", path.join(os.tmpdir(), "second-name")),
                () => fs.copyFileSync("/etc/passwd", path.join(os.tmpdir(), "copy")),
                () => fs.renameSync("/etc/passwd", path.join(os.tmpdir(), "moved")),
            ]) {
                try { work(); codes.push("done"); } catch (error) { codes.push(error.code); }
            }
            fs.unlinkSync(link);
            return codes;
        }"#;
    assert_eq!(eval(source).await, json!(vec!["ERR_ACCESS_DENIED"; 6]));
}

#[tokio::test]
async fn descriptors_of_the_gateway_are_out_of_reach() {
    let source = r#"
        import fs from "node:fs";
        export default () => {
            const codes = new Set();
            for (let fd = 0; fd < 64; fd++) {
                try { fs.readSync(fd, Buffer.alloc(1)); codes.add(fd); } catch (error) { codes.add(error.code); }
            }
            return [...codes];
        }"#;
    assert_eq!(eval(source).await, json!(["EBADF"]));
}

#[tokio::test]
async fn sql_cannot_open_foreign_files() {
    let source = r#"
        import { DatabaseSync } from "node:sqlite";
        export default () => {
            const db = new DatabaseSync(":memory:");
            const errors = [];
            for (const work of [
                () => new DatabaseSync("/etc/ocg.db"),
                () => db.exec("ATTACH '/etc/ocg.db' AS other"),
                () => db.exec("ATTACH 'file:/etc/ocg.db' AS other"),
                () => db.exec("VACUUM INTO '/etc/ocg.db'"),
                () => db.prepare("SELECT load_extension('x')"),
            ]) {
                try { work(); errors.push("done"); } catch (error) { errors.push(error.code); }
            }
            return errors;
        }"#;
    assert_eq!(
        eval(source).await,
        json!([
            "ERR_ACCESS_DENIED",
            "ERR_SQLITE_ERROR",
            "ERR_SQLITE_ERROR",
            "ERR_SQLITE_ERROR",
            "ERR_SQLITE_ERROR"
        ])
    );
}

#[tokio::test]
async fn private_hosts_are_not_looked_up() {
    let source = r#"
        import dns from "node:dns/promises";
        export default () => dns.lookup("localhost").catch((error) => error.code);
    "#;
    assert_eq!(eval(source).await, json!("ERR_ACCESS_DENIED"));
}
