//! Commands that begin with a slash.

use super::scene::Scene;

#[tokio::test]
#[ignore = "the plugin has no commands to set: listing native commands is inert"]
async fn the_list_of_commands_is_set_once() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.telegram.until_commands().await;
    let names: Vec<String> = scene.telegram.commands().into_iter().map(|c| c.name).collect();
    assert!(names.iter().any(|name| name == "help"), "{names:?}");
    scene.end(gateway).await;
    let set = |scene: &Scene| {
        let method = ocg_tests::platforms::telegram::Method::SetMyCommands;
        scene.telegram.calls().requests_to(method).len()
    };
    let before = set(&scene);
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("hi");
    alice.until_says("echo: hi").await;
    scene.end(gateway).await;
    assert_eq!(set(&scene), before, "set again at a start without a change");
}

#[tokio::test]
async fn start_is_answered() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("/start");
    alice.replies(1).await;
    alice.says("hi");
    alice.until_says("echo: hi").await;
    scene.end(gateway).await;
}

#[tokio::test]
async fn an_unknown_command_reaches_the_agent() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    let alice = scene.telegram.user("alice");
    alice.says("/weather Lund");
    alice.until_says("echo: /weather Lund").await;
    scene.end(gateway).await;
}

/// None of the commands in the list may fail, whatever an engine would do for it.
#[tokio::test]
#[ignore = "the plugin has no commands to set: listing native commands is inert"]
async fn every_command_in_the_list_is_answered() {
    let scene = Scene::new().await;
    let gateway = scene.start().await;
    scene.telegram.until_commands().await;
    let names: Vec<String> = scene.telegram.commands().into_iter().map(|c| c.name).collect();
    for name in &names {
        // A chat for each, so that none waits for another.
        let chat = scene.telegram.user(&format!("user_of_{name}"));
        chat.says(&format!("/{name}"));
        let shown = chat.replies(1).await;
        assert!(!shown[0].text().contains("Something went wrong"), "/{name}: {shown:?}");
    }
    scene.end(gateway).await;
}
