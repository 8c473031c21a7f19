//! The gateway in the background: `start -d`, `status`, `restart`, `stop`.

use std::path::PathBuf;

use ocg_tests::harness::{Finished, Home};
use ocg_tests::platforms::npm_registry::{NpmRegistry, Package};
use serde_json::Value;

use crate::sample;

/// A home whose gateway runs in the background.
struct Background(Home);

impl Background {
    async fn home() -> Self {
        let home = Home::new();
        sample::install(&home, &sample::source("", "")).await;
        Self(home)
    }

    async fn start(&self, arguments: &[&str]) -> Finished {
        self.0.run(&[&["start", "-d"], arguments].concat()).await
    }

    async fn status(&self) -> Value {
        let status = self.0.run(&["status", "--json"]).await.exits(0);
        serde_json::from_str(&status.stdout).unwrap()
    }

    fn pid_file(&self) -> PathBuf {
        self.0.state().join("ocg.pid")
    }
}

#[tokio::test]
async fn it_is_started_seen_restarted_and_stopped() {
    let background = Background::home().await;
    let started = background.start(&[]).await.exits(0);
    let log = background.0.state().join("logs").join("ocg.log");
    let pid = std::fs::read_to_string(background.pid_file()).unwrap();
    assert_eq!(
        started.stdout.lines().skip(1).collect::<Vec<_>>(),
        [
            &format!("The gateway runs in the background (pid {}).", pid.trim()),
            &format!("Log: {}", log.display()),
            "`ocg status` shows it, `ocg stop` ends it.",
        ],
        "{started}"
    );
    assert!(started.stdout.starts_with("sample/default: answered by"), "{started}");

    let before = background.status().await;
    assert_eq!(before["running"], true);
    assert_eq!(before["gateway"]["pid"].to_string(), pid.trim());
    assert_eq!(before["gateway"]["logFile"], log.to_str().unwrap());

    let second = background.start(&[]).await.exits(1);
    assert!(second.stderr.contains(&format!("(pid {}, since 2", pid.trim())), "{second}");

    background.0.run(&["channels", "restart", "--channel", "sample"]).await.exits(0);

    let restarted = background.0.run(&["restart"]).await.exits(0);
    assert!(restarted.stdout.starts_with("Restarted: ocg "), "{restarted}");
    let after = background.status().await;
    assert_eq!(after["gateway"]["pid"], before["gateway"]["pid"], "the process stays");
    assert_ne!(after["gateway"]["run"], before["gateway"]["run"]);

    let stopped = background.0.run(&["stop"]).await.exits(0);
    assert_eq!(stopped.stdout, "Stopped. All messages were answered.\n");
    background.0.run(&["status"]).await.exits(3);
    background.0.run(&["stop"]).await.exits(3);
    background.0.run(&["restart"]).await.exits(3);
    let log = std::fs::read_to_string(log).unwrap();
    assert_eq!(log.matches("stopped after").count(), 2, "{log}");
}

/// What `ocg start -d` says where `broken` runs beside the sample, or alone.
async fn started_with(broken: &str, alone: bool) -> Finished {
    let home = Home::new();
    let registry = NpmRegistry::start().await;
    registry.publish(Package::plugin("ocg-broken", "broken", broken));
    std::fs::write(home.path(".npmrc"), format!("registry={}\n", registry.url())).unwrap();
    home.run(&["plugins", "install", "ocg-broken"]).await.exits(0);
    if !alone {
        sample::install(&home, &sample::source("", "")).await;
    }
    let background = Background(home);
    let started = background.start(&[]).await;
    background.0.run(&["stop"]).await;
    started
}

#[tokio::test]
async fn a_plugin_that_cannot_be_loaded_is_named_and_the_others_run() {
    let started = started_with("throw new Error('no licence');", false).await.exits(0);
    let warning = "warning: cannot load plugin ocg-broken 1.0.0: no licence";
    assert!(started.stderr.starts_with(warning), "{started}");
    assert!(started.stdout.contains("sample/default: answered by"), "{started}");
    assert!(started.stdout.contains("/logs/ocg.log\n"), "{started}");
}

#[tokio::test]
async fn nothing_that_could_be_loaded_is_a_failure() {
    let started = started_with("throw new Error('no licence');", true).await.exits(1);
    assert!(started.stderr.starts_with("error: cannot load plugin ocg-broken"), "{started}");
    assert!(started.stderr.contains("no licence"), "{started}");
}

#[tokio::test]
async fn an_account_that_fails_at_once_is_a_failure_too() {
    let source = sample::source("", "throw new Error('wrong token');");
    let started = started_with(&source.replace("sample", "broken"), true).await.exits(1);
    let warning = "warning: broken/default failed, is tried again: wrong token";
    assert!(started.stderr.starts_with(warning), "{started}");
    assert!(started.stderr.contains("error: nothing could be started"), "{started}");
    assert!(started.stdout.contains("`ocg stop` ends it"), "{started}");
}

#[tokio::test]
async fn a_plugin_that_the_sdk_is_too_small_for_is_named_in_plain_words() {
    let home = Home::new();
    let registry = NpmRegistry::start().await;
    let source = "import { noSuchName } from 'openclaw/plugin-sdk/core';\nnoSuchName();";
    registry.publish(Package::plugin("ocg-broken", "broken", source));
    let home = home.variable("npm_config_registry", &registry.url());
    let installed = home.run(&["plugins", "install", "ocg-broken"]).await.exits(0);
    let gap =
        "ocg-broken uses names of OpenClaw's plugin SDK that ocg does not have yet (noSuchName)";
    assert!(installed.stderr.contains(gap), "{installed}");
    let started = home.run(&["start", "-d"]).await.exits(1);
    let plain = "plugin ocg-broken 1.0.0 cannot run yet: it needs core#noSuchName of OpenClaw's";
    assert!(started.stderr.contains(plain), "{started}");
}

#[tokio::test]
async fn what_is_wrong_is_said_before_the_terminal_is_left() {
    let home = Home::new();
    home.configure_text("{ broken");
    let refused = home.run(&["start", "-d"]).await.exits(2);
    assert!(refused.stderr.starts_with("error: "), "{refused}");
    assert_eq!(refused.stdout, "");
    let log = home.path("a").join("b");
    home.run(&["start", "--daemon", "--log-dir", log.to_str().unwrap()]).await.exits(2);
    assert!(std::fs::read_to_string(log.join("ocg.log")).unwrap().contains("error: "));
}

#[tokio::test]
async fn a_killed_gateway_leaves_nothing_in_the_way() {
    let background = Background::home().await;
    background.start(&[]).await.exits(0);
    let pid: i32 = std::fs::read_to_string(background.pid_file()).unwrap().trim().parse().unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    // The kernel frees the lock when the process is gone, which takes a moment.
    while background.0.run(&["stop"]).await.code != Some(3) {}
    assert!(background.0.state().join("ocg.sock").exists(), "left behind");
    background.0.run(&["status"]).await.exits(3);
    background.start(&["--log-file", "other.log"]).await.exits(0);
    background.0.run(&["stop"]).await.exits(0);
    assert!(background.0.path("other.log").exists());
}

#[tokio::test]
async fn a_broken_configuration_does_not_keep_it_from_being_stopped() {
    let background = Background::home().await;
    background.start(&[]).await.exits(0);
    background.0.configure_text("{ broken");
    let stopped = background.0.run(&["stop"]).await.exits(0);
    assert!(stopped.stdout.starts_with("Stopped."), "{stopped}");
}
