//! A plugin that is a part of the openclaw package.

use ocg_js::install::InstallReport;
use serde_json::json;

use crate::package::{Package, package};
use crate::registry::FakeRegistry;
use crate::site::Site;

/// A release in the manner of the real ones: chunks with hashed names, re-exported under one letter.
fn openclaw(version: &str) -> Package {
    let manifest = json!({
        "name": "@openclaw/telegram", "version": version, "private": true, "type": "module",
        "dependencies": { "grammy": "1", "zod": "4" },
        "openclaw": { "extensions": ["./index.js"], "channel": { "id": "telegram", "label": "Telegram" } },
    });
    package("openclaw", version)
        .depends(json!({ "an-agent-engine": "1" }))
        .file("dist/extensions/telegram/package.json", &manifest.to_string())
        .file(
            "dist/extensions/telegram/index.js",
            r#"import { t as bot } from "../../bot-Aa1.mjs";
import "../../noise-Cc3.mjs";
//#region extensions/telegram/index.ts
export { bot as default };
"#,
        )
        .file(
            "dist/bot-Aa1.mjs",
            r#"import { n as normalize, s as shape, u as upper } from "./account-Bb2.mjs";
//#region extensions/telegram/src/bot.ts
const worker = new URL("./worker.js", import.meta.url);
function bot() { return [normalize, shape, upper, worker]; }
//#endregion
export { bot as t };
"#,
        )
        .file("dist/worker.js", "//#region extensions/telegram/src/worker.ts\nconst on = 1;\nexport { on };\n")
        .file(
            "dist/account-Bb2.mjs",
            r#"//#region src/account.ts
function normalizeAccountId() {}
const locale = "en";
function upper(text) { return text.toLocaleUpperCase(locale); }
function unused() {}
//#region node_modules/.pnpm/zod@4.0.0/node_modules/zod/schemas.js
function string() {}
//#endregion
export { normalizeAccountId as n, string as s, upper as u, unused };
"#,
        )
        .file("dist/noise-Cc3.mjs", "//#region src/noise.ts\nconsole.log(1);\nexport {};\n")
        .file("dist/engine-Dd4.mjs", "//#region src/engine.ts\nexport {};\n")
        .file("dist/plugin-sdk/account-id.js", "import { n as normalizeAccountId } from \"../account-Bb2.mjs\";\nexport { normalizeAccountId };\n")
}

/// Versions of the plugin and of what it needs, as they lie on the disk.
fn versions(report: &InstallReport) -> [String; 2] {
    ["@openclaw/telegram", "grammy"].map(|name| {
        let file = report.plugin.tree.join("node_modules").join(name).join("package.json");
        let text = std::fs::read_to_string(file).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        json["version"].as_str().unwrap().to_owned()
    })
}

#[tokio::test]
async fn the_plugin_alone_is_installed() {
    let registry = FakeRegistry::start().await;
    registry.publish([openclaw("2026.9.6"), package("grammy", "1.2.0"), package("zod", "4.0.0")]);
    let site = Site::new(&registry);
    let report = site.install("telegram").await.unwrap();
    assert_eq!(versions(&report), ["2026.9.6", "1.2.0"]);
    assert_eq!(report.packages, 3, "what the rest of openclaw needs is left out");
    assert_eq!(report.plugin.package, "@openclaw/telegram");
    assert!(report.plugin.manifest.entry.ends_with("dist/extensions/telegram/index.js"));

    let dist = report.plugin.root.join("dist");
    let text = |file: &str| std::fs::read_to_string(dist.join(file)).unwrap();
    assert!(text("bot-Aa1.mjs").contains("function bot()"), "its own code is as it was");
    assert!(dist.join("worker.js").is_file(), "what it names in a string comes along");
    assert!(!dist.join("engine-Dd4.mjs").exists(), "nothing else does");
    assert!(!text("noise-Cc3.mjs").contains("console.log"), "not even for its side effects");
    insta::assert_snapshot!(text("account-Bb2.mjs"), @r#"
    // Made by ocg in the place of a part of OpenClaw.
    const locale = "en";
    function upper(text) { return text.toLocaleUpperCase(locale); }
    export { normalizeAccountId as n } from "openclaw/plugin-sdk/account-id";
    export { string as s } from "zod";
    export { upper as u };
    "#);
}

#[tokio::test]
async fn the_lock_file_gives_the_same_again() {
    let registry = FakeRegistry::start().await;
    registry.publish([openclaw("2026.9.6"), package("grammy", "1.2.0"), package("zod", "4.0.0")]);
    let site = Site::new(&registry);
    site.install("telegram").await.unwrap();
    registry.publish([openclaw("2026.9.7"), package("grammy", "1.3.0")]);
    let again = site.install("@openclaw/telegram").await.unwrap();
    assert_eq!(versions(&again), ["2026.9.6", "1.2.0"]);
}

#[tokio::test]
async fn a_name_without_a_public_one_fails_loudly() {
    let registry = FakeRegistry::start().await;
    // It reads files, so that it is no code that could come along either.
    let strange = openclaw("2026.9.6").file("dist/plugin-sdk/account-id.js", "export {};\n").file(
        "dist/account-Bb2.mjs",
        r#"import fs from "node:fs";
//#region src/account.ts
function normalizeAccountId() { return fs.readFileSync("id"); }
const string = 1, upper = 2;
//#endregion
export { normalizeAccountId as n, string as s, upper as u };
"#,
    );
    registry.publish([strange, package("grammy", "1.2.0"), package("zod", "4.0.0")]);
    let site = Site::new(&registry);
    insta::assert_snapshot!(site.error("telegram").await, @"
    cannot take the plugin out of openclaw@2026.9.6; nothing was installed
      openclaw 2026.9.6 is built in a way that ocg does not know: 1 of the names that telegram imports have no place in its plugin SDK, the first is account-Bb2.mjs#n (normalizeAccountId of src/account.ts); install another release, such as 2026.9.6
    ");
}

#[tokio::test]
async fn a_release_without_the_plugin_is_refused() {
    let registry = FakeRegistry::start().await;
    registry.publish([package("openclaw", "2026.9.6")]);
    insta::assert_snapshot!(Site::new(&registry).error("telegram").await, @"
    cannot take the plugin out of openclaw@2026.9.6; nothing was installed
      openclaw 2026.9.6 has no telegram plugin (no dist/extensions/telegram/package.json)
    ");
}
