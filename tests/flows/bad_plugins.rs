//! Plugins that do what they must not: each is stopped, named and explained, and a good plugin
//! beside it is not disturbed.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, Gateway, Home, Output};
use ocg_tests::platforms::npm_registry::{NpmRegistry, Package};

/// A plugin whose one account runs `body`, which sees `ctx`, until it is told to stop.
fn plugin(head: &str, body: &str) -> String {
    format!(
        r#"{head}
        const plugin = {{
          id: "sample",
          meta: {{ id: "sample", label: "Sample" }},
          capabilities: {{ chatTypes: ["direct"] }},
          config: {{
            listAccountIds: () => ["default"],
            resolveAccount: () => ({{ accountId: "default", enabled: true }}),
          }},
          gateway: {{
            async startAccount(ctx) {{
              {body}
              await new Promise((resolve) => ctx.abortSignal.addEventListener("abort", resolve));
            }},
          }},
        }};
        export default {{ id: "sample", register(api) {{ api.registerChannel({{ plugin }}); }} }};
        "#
    )
}

/// Installs `source` as a plugin and starts the gateway with it.
async fn started(source: &str) -> (Home, Gateway) {
    let registry = NpmRegistry::start().await;
    registry.publish(Package::plugin("ocg-sample", "sample", source));
    let home = Home::new().variable("npm_config_registry", &registry.url());
    let agent = Agent::start().await;
    home.configure(&Config::new(&agent).set(&["channels", "sample", "enabled"], true));
    home.run(&["plugins", "install", "ocg-sample"]).await.exits(0);
    let gateway = Gateway::start(&home);
    (home, gateway)
}

/// What the gateway says of a plugin with this head and body, once it has said all of `wanted`.
async fn says(head: &str, body: &str, wanted: &[&str]) -> String {
    let (_home, mut gateway) = started(&plugin(head, body)).await;
    let output: Output = gateway.output().clone();
    for words in wanted {
        output.until(words).await;
    }
    gateway.ask_to_stop();
    gateway.ended().await;
    let text = output.text();
    assert!(!text.contains("panicked"), "{text}");
    text
}

#[tokio::test]
async fn throws_while_it_is_loaded() {
    says("throw new Error('no licence');", "", &["sample", "no licence"]).await;
}

#[tokio::test]
async fn imports_a_package_that_is_not_there() {
    says("import 'left-pad';", "", &["sample", "left-pad"]).await;
}

#[tokio::test]
async fn has_a_syntax_error() {
    says("const = 3;", "", &["sample", "index.js"]).await;
}

#[tokio::test]
async fn loops_for_ever() {
    says("", "while (true) {}", &["sample", "without a pause"]).await;
}

#[tokio::test]
async fn loops_for_ever_and_catches_everything() {
    let body = "for (;;) { try { for (;;) {} } catch {} finally { continue; } }";
    says("", body, &["sample", "without a pause"]).await;
}

#[tokio::test]
async fn eats_memory() {
    let body = "const hoard = []; for (;;) hoard.push(new Uint8Array(1 << 20).fill(1));";
    says("", body, &["sample", "memory"]).await;
}

#[tokio::test]
async fn opens_a_forbidden_host() {
    let body = "await fetch('http://169.254.169.254/latest/meta-data/');";
    says("", body, &["sample", "169.254.169.254", "not permitted"]).await;
}

#[tokio::test]
async fn opens_a_private_host() {
    let body = "await fetch('http://127.0.0.1:9/');";
    let text = says("", body, &["127.0.0.1", "not permitted"]).await;
    assert!(text.contains("permissions"), "what to do is missing: {text}");
}

#[tokio::test]
async fn reads_files_that_are_not_its_own() {
    let head = "import { readFileSync } from 'node:fs';";
    let text = says(head, "readFileSync('/etc/passwd');", &["/etc/passwd", "not permitted"]).await;
    assert!(text.contains("permissions"), "what to do is missing: {text}");
    assert!(!text.contains("root:"), "the file was read: {text}");
}

#[tokio::test]
async fn starts_a_program() {
    let head = "import { execFile } from 'node:child_process';";
    says(head, "execFile('/bin/true');", &["sample", "child process"]).await;
}

#[tokio::test]
async fn exits() {
    says("", "process.exit(3);", &["sample", "exit"]).await;
}

#[tokio::test]
async fn calls_a_name_that_the_sdk_lacks() {
    let head = "import { noSuchName } from 'openclaw/plugin-sdk/core';";
    says(head, "noSuchName();", &["OcgSdkNotImplemented: core#noSuchName"]).await;
}

#[tokio::test]
async fn ends_its_account_at_once() {
    says("", "return;", &["sample", "ended the account"]).await;
}
