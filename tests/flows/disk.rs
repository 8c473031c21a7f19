//! Disks that cannot be written: read-only, full.

use std::fs;
use std::io::Write;

use ocg_tests::harness::{Gateway, Home, Mount};
use rusqlite::Connection;

use crate::scene::Scene;

/// Runs `ocg start` where `path` is read-only, and gives what it complains of.
async fn start_fails(home: Home, path: std::path::PathBuf) -> String {
    let home = home.mounted(Mount::ReadOnly(path));
    let failed = home.run(&["start"]).await.exits(1);
    let root = home.state();
    failed.stderr.replace(&root.display().to_string(), "STATE")
}

#[tokio::test]
async fn a_read_only_state_folder_is_refused_with_what_to_do() {
    let scene = Scene::with_users(&["alice"]).await;
    let state = scene.home.state();
    let complaint = start_fails(scene.home, state).await;
    insta::assert_snapshot!(complaint);
    assert_eq!(scene.wechat.most_polls_open(), 0, "nothing was taken from the platform");
}

#[tokio::test]
async fn a_read_only_store_is_refused_and_loses_nothing() {
    let mut scene = Scene::with_users(&["alice"]).await;
    scene.home = scene.home.variable("OCG_CRASH_AT", "after-admit");
    let mut gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    assert_eq!(gateway.ended().await, None, "killed after the admission");
    scene.home = scene.home.variable("OCG_CRASH_AT", "");
    let polls = scene.wechat.most_polls_open();

    let store = scene.home.state().join("ocg.sqlite");
    let Scene { wechat, agent, home } = scene;
    let home = home.mounted(Mount::ReadOnly(store.clone()));
    let failed = home.run(&["start"]).await.exits(1);
    let root = home.state().display().to_string();
    insta::assert_snapshot!(failed.stderr.replace(&root, "STATE"));
    assert_eq!(wechat.most_polls_open(), polls);

    // Writable again, what was admitted before is answered.
    let scene = Scene { wechat, agent, home: home.unmounted() };
    let gateway = scene.start().await;
    assert_eq!(alice.reply(1).await, "echo: hello");
    scene.end(gateway).await;
}

/// Fills the disk that `path` lies on.
fn fill(path: &std::path::Path) {
    let mut filler = fs::File::create(path).unwrap();
    for size in [1 << 16, 1 << 10, 1] {
        let zeros = vec![0; size];
        while filler.write_all(&zeros).is_ok() {}
    }
}

#[tokio::test]
async fn a_full_disk_refuses_messages_tells_the_user_and_recovers() {
    let mut scene = Scene::with_users(&["alice"]).await;
    let state = scene.home.state();
    scene.home = scene.home.mounted(Mount::Disk(state.clone(), 256));
    let gateway: Gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("before");
    assert_eq!(alice.reply(1).await, "echo: before");

    let filler = gateway.inside(&state.join("filler"));
    fill(&filler);
    // What was written before leaves room in the log of the database for a small message.
    let long = "x".repeat(60_000);
    alice.says(&long);
    let told = alice.until_told("The gateway cannot take messages at the moment").await;
    assert!(told.starts_with('⚠'), "{told}");
    gateway.output().until("no space left for").await;

    fs::remove_file(&filler).unwrap();
    alice.says("after");
    alice.until_told("echo: after").await;
    let store = Connection::open(gateway.inside(&state.join("ocg.sqlite"))).unwrap();
    let sound: String = store.query_row("PRAGMA quick_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    scene.end(gateway).await;
}
