//! Two gateways with one token.

use ocg_tests::harness::{Gateway, Home, TELEGRAM};

use super::scene::Scene;

#[tokio::test]
#[ignore = "fewer than four conflicts in 45 s, and no report of our own yet"]
async fn it_is_said_once_what_to_do_and_nobody_polls_without_a_pause() {
    let scene = Scene::new().await;
    let first = scene.start().await;
    let home = Home::with_plugins(&[TELEGRAM]).await;
    home.configure(&scene.config());
    let second = Gateway::start(&home);
    scene.telegram.until_conflicts(4).await;
    let polls = scene.telegram.polls();
    let (first_said, second_said) = (first.output().text(), second.output().text());
    let reports = |text: &str| text.matches("another program uses this bot token").count();
    assert!(reports(&first_said) <= 1 && reports(&second_said) <= 1, "{first_said}{second_said}");
    assert!(reports(&first_said) + reports(&second_said) >= 1, "{first_said}{second_said}");
    let in_a_second = polls
        .iter()
        .filter(|at| at.duration_since(polls[0]) > std::time::Duration::from_secs(3))
        .collect::<Vec<_>>();
    for window in in_a_second.windows(6) {
        let span = window[5].duration_since(*window[0]);
        assert!(span.as_secs_f64() > 1.0, "they poll without a pause: {span:?}");
    }
    second.stop().await;
    first.stop().await;
    scene.telegram.calls().assert_no_violations();
}
