//! Buttons below messages.

use super::scene::Scene;

#[tokio::test]
async fn a_press_reaches_the_agent_and_is_answered() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    let shown = alice.is_shown_buttons("Tea or coffee?", &[("Tea", "drink:tea")]);
    let press = alice.presses(shown, "Tea");
    alice.until_answered(&press).await;
    scene.agent.until_asked(1).await;
    let asked = scene.agent.requests()[0].text();
    assert!(asked.contains("drink:tea"), "{asked}");
    alice.until_told("drink:tea").await;
    scene.end(gateway).await;
}
