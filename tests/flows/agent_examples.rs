//! Agents that call back, in several languages: those of the documentation, which check where a
//! message comes from, and one that was written for the original OCG.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::callbacks::{SECRET, asynchronous};
use crate::scene::Scene;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/");
const AGENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/agents/");

/// Starts an agent on a free port: its process and its address.
pub(crate) async fn start(command: &mut Command, secret: &str) -> (Child, String) {
    let mut child = command
        .env("PORT", "0")
        .env("CALLBACK_SECRET", secret)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let port = line.rsplit(' ').next().unwrap();
    (child, format!("http://127.0.0.1:{port}/v1/chat/completions"))
}

/// `node` with the program, unless there is no `node` here.
fn node(program: String) -> Option<Command> {
    let found = std::process::Command::new("node").arg("--version").output().is_ok();
    if !found {
        #[allow(clippy::print_stderr, reason = "a test that did not run must not look like one")]
        {
            eprintln!("SKIPPED: there is no `node` to run {program}");
        }
        return None;
    }
    let mut command = Command::new("node");
    command.arg(program);
    Some(command)
}

/// Two messages, each answered once, later.
async fn answers(mut command: Command) {
    let scene = Scene::with_users(&["alice"]).await;
    let (_agent, url) = start(&mut command, SECRET).await;
    scene.home.configure(&asynchronous(&scene, &url));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("Grüße 👋");
    assert_eq!(alice.reply(1).await, "You said: Grüße 👋");
    alice.says("again");
    assert_eq!(alice.reply(2).await, "You said: again");
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 2, "each answered once");
}

/// An agent with another secret takes nothing from this gateway.
async fn refuses_strangers(mut command: Command) {
    let scene = Scene::with_users(&["alice"]).await;
    let (_agent, url) = start(&mut command, "another secret").await;
    scene.home.configure(&asynchronous(&scene, &url));
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    assert_eq!(alice.reply(1).await, "⚠️ Agent error: it refused the gateway's key");
    scene.end(gateway).await;
}

pub(crate) fn python() -> Command {
    let mut command = Command::new("python3");
    command.arg(format!("{DOCS}callback_agent.py"));
    command
}

fn rust() -> Command {
    Command::new(env!("CARGO_BIN_EXE_callback-agent"))
}

#[tokio::test]
async fn the_example_in_python_answers() {
    answers(python()).await;
}

#[tokio::test]
async fn the_example_in_python_refuses_strangers() {
    refuses_strangers(python()).await;
}

#[tokio::test]
async fn the_example_in_rust_answers() {
    answers(rust()).await;
}

#[tokio::test]
async fn the_example_in_rust_refuses_strangers() {
    refuses_strangers(rust()).await;
}

#[tokio::test]
async fn the_example_in_javascript_answers() {
    if let Some(command) = node(format!("{DOCS}callback_agent.mjs")) {
        answers(command).await;
    }
}

#[tokio::test]
async fn the_example_in_javascript_refuses_strangers() {
    if let Some(command) = node(format!("{DOCS}callback_agent.mjs")) {
        refuses_strangers(command).await;
    }
}

#[tokio::test]
async fn an_agent_written_for_the_original_answers_unchanged() {
    if let Some(command) = node(format!("{AGENTS}original_agent.mjs")) {
        answers(command).await;
    }
}
