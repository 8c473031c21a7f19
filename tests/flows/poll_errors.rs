//! Polls that fail; messages arrive nevertheless.

use ocg_tests::platforms::wechat::{Endpoint, Fault};

use crate::scene::Scene;

async fn recovers_from(faults: &[Fault]) {
    let scene = Scene::with_users(&["alice"]).await;
    for fault in faults {
        scene.wechat.fault(Endpoint::GetUpdates, fault.clone());
    }
    let gateway = scene.start().await;
    scene.wechat.faults_done(Endpoint::GetUpdates).await;
    let alice = scene.wechat.user("alice");
    alice.says("still there?");
    assert_eq!(alice.reply(1).await, "echo: still there?");
    scene.end(gateway).await;
    assert_eq!(alice.received().len(), 1);
}

#[tokio::test]
async fn server_errors_and_dropped_connections() {
    recovers_from(&[Fault::Http(500), Fault::Drop]).await;
}

#[tokio::test]
async fn broken_json_and_error_codes() {
    let busy = Fault::Ret { ret: -1, errcode: -1, errmsg: "system busy".into() };
    recovers_from(&[Fault::Malformed, busy]).await;
}

/// After three failures in a row the plugin waits for 30 seconds.
#[tokio::test]
async fn slow_three_failures_in_a_row() {
    recovers_from(&[Fault::Http(502), Fault::Http(502), Fault::Http(502)]).await;
}
