//! The agent fails, and then it does not. What is told of failures: `bad_inputs/agents.rs`.

use std::time::Duration;

use ocg_tests::agents::Answer;

use crate::scene::Scene;

#[tokio::test]
async fn a_busy_agent_is_asked_again_when_it_said() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    scene.agent.next(Answer::error(429, "slow down").retry_after(1));
    let alice = scene.wechat.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    let requests = scene.agent.requests();
    let pause = requests[1].at - requests[0].at;
    assert!(pause >= Duration::from_millis(950), "asked again after {pause:?}");
    scene.end(gateway).await;
}

#[tokio::test]
async fn the_next_message_is_answered_after_a_failure() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    scene.agent.next(Answer::error(401, "no"));
    let alice = scene.wechat.user("alice");
    alice.says("one");
    alice.replies(1).await;
    alice.says("two");
    assert_eq!(alice.replies(2).await[1].text(), "echo: two");
    scene.end(gateway).await;
}
