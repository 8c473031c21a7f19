//! Plugins that do what they must not: each is stopped, named and explained.

use ocg_tests::agents::Agent;
use ocg_tests::harness::{Config, Gateway, Home};

use super::told::{Told, assert_told};
use crate::sample;

const KEY: &str = "sk-secret-4711";
/// How the gateway ends an account that failed, for now or for good, or itself if nothing is left.
const FAILED: &[&str] = &["starts again in", "stopped for good", "hint: `ocg plugins check"];

/// What the operator is told of a plugin with this head and body; `[HOME]` is the home.
async fn told(head: &str, body: &str) -> Told {
    let home = Home::new();
    let agent = Agent::start().await;
    let config = Config::new(&agent).set(&["apiKey"], KEY);
    home.configure(&config.set(&["channels", sample::CHANNEL, "enabled"], true));
    let path = home.path("");
    let body = body.replace("[HOME]", path.to_str().unwrap().trim_end_matches('/'));
    sample::install(&home, &sample::source(head, &body)).await;
    let mut gateway = Gateway::start(&home);
    gateway.output().until_any(FAILED).await;
    gateway.ask_to_stop();
    gateway.ended().await;
    assert!(!home.path("escaped.txt").exists(), "the plugin has written outside its folders");
    Told::of_log(&gateway.output().text(), FAILED).checked(&[KEY, "root:"])
}

#[tokio::test]
async fn throws_while_it_is_loaded() {
    assert_told!(told("throw new Error('no licence');", "").await);
}

#[tokio::test]
async fn has_a_syntax_error() {
    assert_told!(told("const = 3;", "").await);
}

#[tokio::test]
async fn imports_a_package_that_is_not_there() {
    assert_told!(told("import 'left-pad';", "").await);
}

#[tokio::test]
async fn loops_for_ever() {
    assert_told!(told("", "while (true) {}").await);
}

#[tokio::test]
async fn loops_for_ever_and_catches_everything() {
    let body = "for (;;) { try { for (;;) {} } catch {} finally { continue; } }";
    assert_told!(told("", body).await);
}

#[tokio::test]
async fn eats_memory() {
    let body = "const hoard = []; for (;;) hoard.push(new Uint8Array(1 << 20).fill(1));";
    assert_told!(told("", body).await);
}

#[tokio::test]
async fn opens_a_metadata_address() {
    assert_told!(told("", "await fetch('http://169.254.169.254/latest/meta-data/');").await);
}

#[tokio::test]
async fn opens_a_private_address() {
    assert_told!(told("", "await fetch('http://127.0.0.1:9/');").await);
}

#[tokio::test]
async fn reads_a_file_of_the_system() {
    let head = "import { readFileSync } from 'node:fs';";
    assert_told!(told(head, "readFileSync('/etc/passwd');").await);
}

#[tokio::test]
async fn writes_outside_its_folders() {
    let head = "import { writeFileSync } from 'node:fs';";
    assert_told!(told(head, "writeFileSync('[HOME]/escaped.txt', 'out');").await);
}

#[tokio::test]
async fn starts_a_program() {
    let head = "import { execFile } from 'node:child_process';";
    assert_told!(told(head, "execFile('/bin/true');").await);
}

#[tokio::test]
async fn exits() {
    assert_told!(told("", "process.exit(3);").await);
}

#[tokio::test]
async fn calls_a_name_that_the_sdk_lacks() {
    let head = "import { noSuchName } from 'openclaw/plugin-sdk/core';";
    assert_told!(told(head, "noSuchName();").await);
}

#[tokio::test]
async fn ends_its_account_at_once() {
    assert_told!(told("", "return;").await);
}

#[tokio::test]
async fn throws_what_is_no_error() {
    assert_told!(told("", "throw { code: 4711 };").await);
}
