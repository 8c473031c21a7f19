//! Login in the terminal: by QR code, and by AppID and AppSecret.

use ocg_tests::harness::Terminal;

use super::scene::Scene;

async fn logged_out() -> Scene {
    let scene = Scene::new().await;
    scene.home.configure(&scene.without_login());
    scene
}

fn log_in(scene: &Scene) -> Terminal {
    Terminal::run(&scene.home, &["channels", "login", "--channel", "qqbot"])
}

/// The login is kept, and the bot answers.
async fn can_chat(scene: &Scene) {
    let gateway = scene.start().await;
    let alice = scene.qq.user("ALICE0001");
    alice.says("hi");
    assert_eq!(alice.reply(1).await, "echo: hi");
    scene.end(gateway).await;
}

#[tokio::test]
async fn by_qr_code() {
    let scene = logged_out().await;
    let mut terminal = log_in(&scene);
    // The first choice.
    terminal.screen().until_any(&["QR", "扫码"]).await;
    terminal.types("").await;
    let code = scene.qq.bind(1).await;
    terminal.screen().until_code(&code.task_id()).await;
    code.confirm();
    assert_eq!(terminal.ended().await, Some(0));
    assert!(!terminal.screen().text().contains(&scene.qq.secret()), "the secret is on the screen");
    can_chat(&scene).await;
}

#[tokio::test]
async fn an_expired_code_is_replaced() {
    let scene = logged_out().await;
    let mut terminal = log_in(&scene);
    terminal.screen().until_any(&["QR", "扫码"]).await;
    terminal.types("").await;
    scene.qq.bind(1).await.expire();
    let second = scene.qq.bind(2).await;
    terminal.screen().until_code(&second.task_id()).await;
    second.confirm();
    assert_eq!(terminal.ended().await, Some(0));
    assert_eq!(terminal.screen().codes().len(), 1, "the old one is not there any more");
    can_chat(&scene).await;
}

#[tokio::test]
async fn by_typing_app_id_and_secret() {
    let scene = logged_out().await;
    let mut terminal = log_in(&scene);
    terminal.screen().until("2) ").await;
    terminal.types("2").await;
    terminal.screen().until("AppID: ").await;
    terminal.types(&scene.qq.app_id()).await;
    terminal.screen().until("AppSecret: ").await;
    terminal.types(&scene.qq.secret()).await;
    assert_eq!(terminal.ended().await, Some(0));
    assert!(!terminal.screen().text().contains(&scene.qq.secret()), "the secret is on the screen");
    can_chat(&scene).await;
}

#[tokio::test]
async fn by_app_id_and_secret_as_one_token() {
    let scene = logged_out().await;
    let token = format!("{}:{}", scene.qq.app_id(), scene.qq.secret());
    let arguments = ["channels", "add", "--channel", "qqbot", "--token", &token];
    scene.home.run(&arguments).await.exits(0);
    can_chat(&scene).await;
}
