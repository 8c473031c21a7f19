//! The user sees that the agent is at work.

use ocg_tests::agents::{Answer, Gate};

use crate::scene::Scene;

#[tokio::test]
async fn typing_is_shown_while_the_agent_works_and_taken_away_after() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    scene.agent.next(Answer::text("done").behind(&gate));
    let alice = scene.wechat.user("alice");
    alice.says("work");
    alice.until_typing("shown", |seen| seen.iter().any(|one| one.shown)).await;
    assert!(alice.typing().iter().all(|one| one.shown), "taken away before the answer");
    gate.open();
    let replies = alice.replies(1).await;
    let seen =
        alice.until_typing("taken away", |seen| seen.last().is_some_and(|one| !one.shown)).await;
    assert!(seen.last().unwrap().at >= replies[0].at, "taken away before the reply");
    scene.end(gateway).await;
}

/// WeChat forgets an indicator after a while: it has to be shown again and again.
#[tokio::test]
async fn slow_typing_is_kept_alive_for_as_long_as_the_agent_works() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let gate = Gate::closed();
    scene.agent.next(Answer::text("done").behind(&gate));
    let alice = scene.wechat.user("alice");
    alice.says("work");
    alice
        .until_typing("shown again", |seen| seen.iter().filter(|one| one.shown).count() >= 2)
        .await;
    gate.open();
    alice.replies(1).await;
    alice.until_typing("taken away", |seen| seen.last().is_some_and(|one| !one.shown)).await;
    scene.end(gateway).await;
}
