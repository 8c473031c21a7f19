//! Updates are posted to the gateway in place of being polled for.

use ocg_tests::harness::Gateway;
use ocg_tests::platforms::telegram::Telegram;

use super::scene::Scene;

#[tokio::test]
async fn posted_messages_are_answered() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let scene = Scene::with(Telegram::builder().public_address(port)).await;
    let config = scene
        .config()
        .set(&["channels", "telegram", "webhookUrl"], "https://bot.example.org/telegram-webhook")
        .set(&["channels", "telegram", "webhookSecret"], "webhook-secret-0815")
        .set(&["channels", "telegram", "webhookPort"], port.port());
    scene.home.configure(&config);
    let mut gateway = Gateway::start(&scene.home);
    gateway.alive_until(scene.telegram.until_webhook()).await;
    let alice = scene.telegram.user("alice");
    let said = alice.says("hi");
    alice.until_says("echo: hi").await;
    scene.telegram.posts_again(&said);
    alice.says("next");
    alice.until_says("echo: next").await;
    scene.end(gateway).await;
    assert_eq!(alice.texts(), ["echo: hi", "echo: next"]);
    assert!(scene.telegram.polls().is_empty());
}
