//! The process dies without warning; whatever was admitted is answered all the same.
//!
//! `OCG_KILLS=200 cargo test -p ocg-tests --test flows crash::killed_at_random -- --nocapture` is
//! the long run; it prints its counts.

use std::collections::HashSet;
use std::time::Duration;

use ocg_tests::agents::Answer;
use ocg_tests::harness::Gateway;
use rusqlite::{Connection, OpenFlags};

use crate::scene::Scene;

const DUPLICATE: &str = "possible duplicate";

/// Lets the gateway die at `point` of its first turn and starts it again; gives what the user
/// received and what the second gateway printed.
async fn dies_at(point: &str) -> (Vec<String>, String) {
    let mut scene = Scene::with_users(&["alice"]).await;
    scene.home = scene.home.variable("OCG_CRASH_AT", point);
    let mut gateway = scene.start().await;
    let alice = scene.wechat.user("alice");
    alice.says("hello");
    assert_eq!(gateway.ended().await, None, "died by a signal at {point}");

    scene.home = scene.home.variable("OCG_CRASH_AT", "");
    let gateway = scene.start().await;
    gateway.output().until_any(&["[OUT]", DUPLICATE]).await;
    // One more turn of the same session: what came before it is over.
    alice.says("again");
    alice.until_told("echo: again").await;
    let output = gateway.output().clone();
    scene.end(gateway).await;
    let texts = alice.received().iter().map(|sent| sent.text().to_owned()).collect();
    (texts, output.text())
}

#[tokio::test]
async fn after_the_admission_nothing_is_lost_and_nothing_comes_twice() {
    for point in ["after-admit", "after-forward"] {
        let (texts, output) = dies_at(point).await;
        assert_eq!(texts, ["echo: hello", "echo: again"], "{point}");
        assert!(!output.contains(DUPLICATE), "{point}: {output}");
    }
}

#[tokio::test]
async fn before_the_send_it_is_sent_and_may_be_a_duplicate_for_all_we_know() {
    let (texts, output) = dies_at("before-send").await;
    assert_eq!(texts, ["echo: hello", "echo: again"]);
    assert_eq!(output.matches(DUPLICATE).count(), 1, "{output}");
}

#[tokio::test]
async fn after_the_send_it_comes_twice_and_the_log_says_so() {
    let (texts, output) = dies_at("after-send").await;
    assert_eq!(texts, ["echo: hello", "echo: hello", "echo: again"]);
    assert_eq!(output.matches(DUPLICATE).count(), 1, "{output}");
}

/// Random numbers of a printed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// Turns that were admitted, and those that are not over.
fn turns(scene: &Scene) -> (usize, usize) {
    let file = scene.home.state().join("ocg.sqlite");
    let store = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let count = |condition: &str| -> usize {
        let statement = format!("SELECT count(*) FROM turns WHERE {condition}");
        store.query_row(&statement, [], |row| row.get::<_, i64>(0)).unwrap() as usize
    };
    (count("true"), count("state <> 'settled'"))
}

#[tokio::test]
async fn killed_at_random_under_load_every_admitted_message_is_answered() {
    let kills: usize =
        std::env::var("OCG_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(20);
    let seed = std::env::var("OCG_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()) + 1);
    let mut random = Random(seed);
    let names: Vec<String> = (0..8).map(|n| format!("user{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = Scene::with_users(&names).await;
    scene.agent.answers(|request| {
        let text = format!("echo: {}", request.text());
        Answer::text(&text).after(Duration::from_millis(text.len() as u64 * 3))
    });
    let users: Vec<_> = names.iter().map(|name| scene.wechat.user(name)).collect();
    let (mut said, mut logged) = (0, 0);
    for _ in 0..kills {
        let mut gateway = Gateway::start(&scene.home);
        gateway.alive_until(scene.wechat.until_polled()).await;
        for _ in 0..random.below(12) {
            let user = &users[random.below(users.len() as u64) as usize];
            user.says(&format!("message {said}"));
            said += 1;
            tokio::time::sleep(Duration::from_millis(random.below(40))).await;
        }
        tokio::time::sleep(Duration::from_millis(random.below(250))).await;
        let output = gateway.output().clone();
        gateway.crash().await;
        logged += output.text().matches(DUPLICATE).count();
    }
    let gateway = scene.start().await;
    let last = &users[0];
    last.says("the last message");
    last.until_told("echo: the last message").await;
    let patience = tokio::time::Instant::now() + Duration::from_secs(60);
    while turns(&scene).1 > 0 && tokio::time::Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    logged += gateway.output().text().matches(DUPLICATE).count();
    let (admitted, open) = turns(&scene);
    gateway.stop().await;

    let sent: Vec<String> = users
        .iter()
        .flat_map(|user| user.received().into_iter().map(|sent| sent.text().to_owned()))
        .collect();
    let answered: HashSet<&String> =
        sent.iter().filter(|text| text.starts_with("echo: ")).collect();
    let twice = sent.len() - answered.len();
    let lost = admitted.saturating_sub(answered.len());
    #[allow(clippy::print_stdout)]
    {
        println!(
            "seed {seed}: {kills} kills, {said} written, {admitted} admitted, {} answered, \
             {twice} sent twice, {logged} unknown outcomes logged, {lost} lost, {open} open",
            answered.len()
        );
    }
    assert_eq!((lost, open), (0, 0));
    assert_eq!(admitted, answered.len());
    assert!(twice <= logged, "{twice} sent twice, {logged} logged");
}
