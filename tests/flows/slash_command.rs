//! Commands that the plugin answers itself.

use crate::scene::Scene;

#[tokio::test]
async fn echo_is_answered_by_the_plugin_without_the_agent() {
    let scene = Scene::with_users(&["alice"]).await;
    let gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("/echo hello there");
    let replies = alice.replies(2).await;
    assert_eq!(replies[0].text(), "hello there");
    assert!(replies[1].text().contains("ms"), "the timing: {}", replies[1].text());
    assert!(scene.agent.requests().is_empty());
    alice.says("and now the agent");
    assert_eq!(alice.replies(3).await[2].text(), "echo: and now the agent");
    scene.end(gateway).await;
}
