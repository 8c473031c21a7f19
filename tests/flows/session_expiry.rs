//! WeChat declares the login stale.

use ocg_tests::platforms::wechat::{Endpoint, Fault};

use crate::scene::Scene;

/// The plugin pauses such an account for an hour. Meanwhile the gateway stays controllable, and a
/// restart (after a new login, say) takes the account up again.
#[tokio::test]
async fn the_account_pauses_and_a_restart_takes_it_up_again() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("before");
    assert_eq!(alice.reply(1).await, "echo: before");
    scene.wechat.until_polled().await;

    scene.wechat.fault(Endpoint::GetUpdates, Fault::StaleSession);
    // The open poll ends with this message; the next one finds the session stale.
    alice.says("the last one");
    assert_eq!(alice.replies(2).await[1].text(), "echo: the last one");
    scene.wechat.faults_done(Endpoint::GetUpdates).await;
    let polls = scene.wechat.requests_to(Endpoint::GetUpdates).len();
    alice.says("while it pauses");
    gateway.stop().await;
    assert_eq!(scene.wechat.requests_to(Endpoint::GetUpdates).len(), polls, "polled while pausing");

    let gateway = scene.start().await;
    assert_eq!(alice.replies(3).await[2].text(), "echo: while it pauses");
    scene.end(gateway).await;
}
