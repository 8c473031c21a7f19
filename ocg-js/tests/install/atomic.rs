//! Installations that are cut off, or that run at the same time.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use ocg_js::install::{InstallError, InstallEvent, InstallProgress, InstallRequest, Quiet};
use serde_json::json;
use tokio::sync::Notify;

use crate::package::{package, plugin};
use crate::registry::FakeRegistry;
use crate::site::{Recorder, Site};

/// Aborts the process at the `n`th event, as a power cut would.
struct Abort(AtomicUsize);

impl InstallProgress for Abort {
    fn event(&self, _event: InstallEvent) {
        if self.0.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }
}

/// Not a test of its own: the process that `a_killed_installation` starts and that kills itself.
#[tokio::test]
async fn kill_at_event() {
    let Ok(n) = std::env::var("OCG_TEST_KILL_AT") else { return };
    let site = Site::at(&std::env::var("OCG_TEST_REGISTRY").unwrap());
    let folder = std::env::var("OCG_TEST_PLUGINS").unwrap();
    std::os::unix::fs::symlink(folder, site.plugins()).unwrap();
    let request = InstallRequest { spec: "plug@2".into(), ..InstallRequest::default() };
    let abort = Abort(AtomicUsize::new(n.parse().unwrap()));
    site.installer().install(&request, &abort).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_installation_leaves_the_old_state() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0").depends(json!({"a": "1"})),
        package("a", "1.0.0"),
        plugin("2.0.0").depends(json!({"a": "2"})),
        package("a", "2.0.0"),
    ]);
    let site = Site::new(&registry);
    let recorder = Recorder::default();
    let request = InstallRequest { spec: "plug@1".into(), ..InstallRequest::default() };
    site.installer().install(&request, &recorder).await.unwrap();
    let old = site.tree();
    let events = recorder.0.lock().unwrap().len();
    assert!(events >= 10, "{events} events");
    // The last event comes when everything is in place.
    for n in 1..events {
        let (plugins, url) = (site.plugins(), registry.url());
        let status = tokio::task::spawn_blocking(move || {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "atomic::kill_at_event"])
                .env("OCG_TEST_KILL_AT", n.to_string())
                .env("OCG_TEST_REGISTRY", url)
                .env("OCG_TEST_PLUGINS", plugins)
                .output()
                .unwrap()
        });
        assert!(!status.await.unwrap().status.success(), "killed at event {n}");
        assert_eq!(site.store().find("plug").unwrap().unwrap().version, "1.0.0", "event {n}");
        let tree: Vec<String> = site.tree();
        assert_eq!(tree, old, "event {n}");
    }
    // The next installation cleans up and works.
    site.install("plug@2").await.unwrap();
    assert_eq!(site.tree(), ["node_modules/a 2.0.0", "node_modules/plug 2.0.0"]);
    let left = std::fs::read_dir(site.plugins()).unwrap().flatten().map(|e| e.file_name());
    let mut left: Vec<_> = left.collect();
    left.sort();
    assert_eq!(left, [".lock", "ocg-lock.json", "plug"]);
}

/// Says when the first event came.
#[derive(Default)]
struct Started(Notify);

impl InstallProgress for Started {
    fn event(&self, event: InstallEvent) {
        if matches!(event, InstallEvent::Downloading { .. }) {
            self.0.notify_one();
        }
    }
}

#[tokio::test]
async fn a_dropped_installation_cleans_up_at_once() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    let site = Site::new(&registry);
    let (installer, started) = (site.installer(), Started::default());
    let request = InstallRequest { spec: "plug".into(), ..InstallRequest::default() };
    tokio::select! {
        biased;
        () = started.0.notified() => {}
        _ = installer.install(&request, &started) => panic!("the installation should be dropped"),
    }
    assert_eq!(site.files(), Vec::<String>::new());
    site.install("plug").await.unwrap();
}

#[tokio::test]
async fn two_installations_at_once() {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0")]);
    let site = Site::new(&registry);
    let (first, second) = (site.installer(), site.installer());
    let request = InstallRequest { spec: "plug".into(), ..InstallRequest::default() };
    let (a, b) = tokio::join!(first.install(&request, &Quiet), second.install(&request, &Quiet));
    assert!(a.is_ok(), "{a:?}");
    let error = b.unwrap_err();
    assert!(matches!(error, InstallError::Busy { .. }));
    insta::assert_snapshot!(site.render(&error), @"another `ocg plugins` command is changing HOME/plugins; wait until it is done");
}

#[tokio::test]
async fn a_failed_update_leaves_the_old_version() {
    let registry = FakeRegistry::start().await;
    registry.publish([
        plugin("1.0.0"),
        plugin("2.0.0").depends(json!({"a": "1"})),
        package("a", "1.0.0").depends(json!({"absent": "1"})),
    ]);
    let site = Site::new(&registry);
    site.install("plug@1.0.0").await.unwrap();
    site.error("plug@2.0.0").await;
    assert_eq!(site.tree(), ["node_modules/plug 1.0.0"]);
}
