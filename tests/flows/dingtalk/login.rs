//! Login in the terminal, by device registration.

use ocg_tests::harness::Terminal;

use super::scene::Scene;

#[tokio::test]
async fn by_device_registration() {
    let scene = Scene::new().await;
    scene.home.configure(&scene.without_login());
    let mut terminal = Terminal::run(&scene.home, &["channels", "login", "--channel", "dingtalk"]);
    // Every question is answered with its first choice; the first of them registers a new bot.
    terminal.screen().until("credentials").await;
    terminal.types("").await;
    let registration = scene.dingtalk.registration(1).await;
    terminal.screen().until(&registration.address()).await;
    registration.agree();
    for question in
        ["Direct message policy", "Group message policy", "Reply message type", "advanced"]
    {
        terminal.screen().until(question).await;
        terminal.types("").await;
    }
    assert_eq!(terminal.ended().await, Some(0));
    let secret = scene.dingtalk.secret();
    assert!(!terminal.screen().text().contains(&secret), "the secret is on the screen");

    let gateway = scene.start().await;
    let alice = scene.dingtalk.user("alice");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}
